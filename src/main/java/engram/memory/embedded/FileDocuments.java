package engram.memory.embedded;

import engram.error.Damaged;
import engram.error.InvalidInput;
import engram.error.PreconditionFailed;
import engram.error.TooLarge;
import engram.memory.Documents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;

/**
 * Documents as files: one file each in one directory, written whole or not at all. A file carries its name, its revision
 * and a checksum, so that one which was damaged or confused with another is refused and never read as something else.
 * Reading waits for nobody. The directory is that of one process; within it any number of these may share it.
 *
 * <p>{@link #get}, and {@link #put} with an expected revision, throw {@link Damaged} with the path of a file that is not what
 * was written; writing the document without expecting a revision puts that right.
 */
public final class FileDocuments implements Documents {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*");
    private static final String DRAFT = ".draft";
    /** Keeps the highest revision of what was removed, above which new documents begin. No document has such a name. */
    private static final String REMOVED = ".removed";
    /** Stands for the slash, which a file name cannot hold; no name of a document has it. */
    private static final char SLASH = '+';

    private static final ConcurrentMap<Path, Object> WRITERS = new ConcurrentHashMap<>();

    private final Path directory;
    private final Object writer;

    /**
     * Opens a directory and removes what a write that was cut short left there.
     *
     * @param directory created if it is not there
     * @throws engram.error.Unavailable if it cannot be used
     */
    public FileDocuments(Path directory) {
        try {
            Files.createDirectories(directory);
            this.directory = directory.toRealPath();
            this.writer = WRITERS.computeIfAbsent(this.directory, path -> new Object());
            synchronized (writer) {
                Files.deleteIfExists(this.directory.resolve(DRAFT));
            }
        } catch (IOException e) {
            throw Failures.files("the directory of documents " + directory + " cannot be used", e);
        }
    }

    @Override
    public Optional<Document> get(String name) {
        return read(file(name), name);
    }

    @Override
    public List<String> names(String prefix) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString().replace(SLASH, '/');
                if (name.startsWith(prefix) && isName(name)) {
                    names.add(name);
                }
            }
        } catch (IOException e) {
            throw Failures.files("the documents in " + directory + " cannot be listed", e);
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public long put(String name, byte[] content, OptionalLong expectedRevision) {
        Path file = file(name);
        if (content.length > LARGEST) {
            throw new TooLarge("content", "a document has at most " + LARGEST + " bytes, not " + content.length);
        }
        synchronized (writer) {
            long present = revision(file, name, expectedRevision.isEmpty());
            if (expectedRevision.isPresent() && expectedRevision.getAsLong() != present) {
                throw new PreconditionFailed("the document '" + name + "' has revision " + present + ", not "
                        + expectedRevision.getAsLong());
            }
            long next = Math.max(present, highestRemoved()) + 1;
            write(file, DocumentFile.write(name, next, content));
            return next;
        }
    }

    @Override
    public boolean delete(String name) {
        Path file = file(name);
        synchronized (writer) {
            if (!Files.exists(file)) {
                return false;
            }
            long highest = Math.max(revision(file, name, true), highestRemoved());
            write(directory.resolve(REMOVED), DocumentFile.write(REMOVED, highest, new byte[0]));
            try {
                Files.delete(file);
                FileTrees.sync(directory);
            } catch (IOException e) {
                throw Failures.files("the document '" + name + "' cannot be removed", e);
            }
            return true;
        }
    }

    /**
     * The revision of a document, 0 if there is none.
     *
     * @param mend whether a damaged file is about to be replaced, so that what can be read of its revision will do
     */
    private long revision(Path file, String name, boolean mend) {
        try {
            return read(file, name).map(Document::revision).orElse(0L);
        } catch (Damaged e) {
            if (!mend) {
                throw e;
            }
            return DocumentFile.claimedRevision(file);
        }
    }

    private long highestRemoved() {
        return revision(directory.resolve(REMOVED), REMOVED, true);
    }

    private static Optional<Document> read(Path file, String name) {
        try {
            return Optional.of(DocumentFile.read(file, name, Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failures.files("the document " + file + " cannot be read", e);
        }
    }

    private void write(Path file, byte[] bytes) {
        Path draft = directory.resolve(DRAFT);
        try {
            try (FileChannel channel = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer left = ByteBuffer.wrap(bytes);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            FileTrees.sync(directory);
        } catch (IOException e) {
            throw Failures.files("the document " + file + " cannot be written", e);
        }
    }

    private Path file(String name) {
        if (!isName(name)) {
            throw new InvalidInput(
                    "name",
                    "has up to " + LONGEST_NAME + " characters in parts of lower-case letters, digits, '.', '_' and '-'"
                            + " that do not begin with a dot, with '/' between them");
        }
        return directory.resolve(name.replace('/', SLASH));
    }

    private static boolean isName(String name) {
        return name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
    }
}
