package engram.memory.embedded;

import engram.error.InvalidInput;
import engram.error.Unavailable;
import engram.memory.WriteChecks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The directory that holds every space: {@code spaces/NAME} each, {@code trash} for what is being made or removed, and a
 * lock, so that no two processes write it.
 */
final class DataDirectory implements AutoCloseable {
    static final String RECORD = "memory.db";
    static final String INDEX = "index";
    static final String SPACES = "spaces";

    private static final String TRASH = "trash";
    /** Bodies of requests, until they are read: kept here by the service, worth nothing to anybody later. */
    private static final String SPOOL = "spool";
    /** Writes on their way to a store elsewhere: to deliver them again from a copy would undo what happened since. */
    private static final String SPOOL_WRITES = "spool-writes";

    private static final int LONGEST_NAME = 200;

    private final Path root;
    private final DirectoryLock lock;

    private DataDirectory(Path root, DirectoryLock lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Creates the directory if it is not there, locks it and removes what an earlier process left half done.
     *
     * @throws Unavailable if another process has it
     */
    static DataDirectory open(Path root) {
        try {
            Files.createDirectories(root.resolve(SPACES));
            DataDirectory directory = new DataDirectory(root, DirectoryLock.acquire(root));
            FileTrees.deleteTree(directory.trash());
            Files.createDirectories(directory.trash());
            return directory;
        } catch (IOException e) {
            throw Failures.files("the data directory " + root + " cannot be opened", e);
        }
    }

    /**
     * Refuses what is no data directory, so that a mistyped name is not taken for an empty memory.
     *
     * @throws InvalidInput if there is none at {@code root}
     */
    static void require(Path root) {
        if (!Files.isDirectory(root)) {
            throw new InvalidInput("", "there is no data directory at " + root.toAbsolutePath());
        }
        if (!Files.isDirectory(root.resolve(SPACES))) {
            throw new InvalidInput(
                    "", root.toAbsolutePath() + " is no data directory of Engram: it has no directory " + SPACES);
        }
    }

    DirectoryLock lock() {
        return lock;
    }

    private Path trash() {
        return root.resolve(TRASH);
    }

    private Path spaces() {
        return root.resolve(SPACES);
    }

    /** A place for files that are not whole yet; gone at the next start. */
    Path unfinished() throws IOException {
        return Files.createDirectory(trash().resolve(UUID.randomUUID().toString()));
    }

    Path space(String name) {
        return space(root, name);
    }

    /** Where a space of a data directory is. */
    static Path space(Path root, String name) {
        return root.resolve(SPACES).resolve(encode(name));
    }

    /**
     * Whether a path below the data directory is worth keeping, beside the spaces, which are kept in their own way. What
     * is hidden, such as a cache that somebody put there, is not the memory's.
     */
    static boolean isBesideTheSpaces(Path relative) {
        String first = relative.getName(0).toString();
        return !first.startsWith(".")
                && !first.startsWith(DirectoryLock.HOLDER)
                && !List.of(SPACES, TRASH, SPOOL, SPOOL_WRITES, DirectoryLock.LOCK)
                        .contains(first);
    }

    /** Whether a directory holds nothing that a restored memory would have to share it with. */
    static boolean isVacant(Path root) throws IOException {
        if (!Files.exists(root)) {
            return true;
        }
        try (Stream<Path> entries = Files.list(root)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .allMatch(name -> name.startsWith(".")
                            || name.startsWith(DirectoryLock.HOLDER)
                            || name.equals(DirectoryLock.LOCK));
        }
    }

    boolean has(String name) {
        return Files.exists(space(name).resolve(RECORD));
    }

    List<String> names() {
        return names(root);
    }

    /** The spaces of a data directory, sorted. */
    static List<String> names(Path root) {
        try (Stream<Path> directories = Files.list(root.resolve(SPACES))) {
            return directories
                    .filter(directory -> Files.exists(directory.resolve(RECORD)))
                    .map(directory -> decode(directory.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Failures.files("the data directory " + root + " cannot be listed", e);
        }
    }

    /** Moves finished files to where the space lives. */
    void publish(Path finished, String name) throws IOException {
        Files.move(finished, space(name), StandardCopyOption.ATOMIC_MOVE);
        FileTrees.sync(spaces());
    }

    /** Takes a space away at once and then removes its files. */
    void delete(String name) {
        try {
            Path away = trash().resolve(UUID.randomUUID().toString());
            Files.move(space(name), away, StandardCopyOption.ATOMIC_MOVE);
            FileTrees.sync(spaces());
            FileTrees.deleteTree(away);
        } catch (IOException e) {
            throw Failures.files("the files of space '" + name + "' cannot be removed", e);
        }
    }

    /** A file name that is the name itself where it is made of a–z, 0–9, - and _, and never a way out of the directory. */
    private static String encode(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte value : name.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (value & 0xFF);
            if ((character >= 'a' && character <= 'z')
                    || (character >= '0' && character <= '9')
                    || character == '-'
                    || character == '_') {
                encoded.append(character);
            } else {
                encoded.append('%').append(String.format("%02x", value & 0xFF));
            }
        }
        if (encoded.isEmpty() || encoded.length() > LONGEST_NAME || !WriteChecks.isWellFormed(name)) {
            throw new InvalidInput("space", "is a name of 1 to " + LONGEST_NAME + " letters, digits, - and _");
        }
        return encoded.toString();
    }

    private static String decode(String encoded) {
        byte[] bytes = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            if (encoded.charAt(i) == '%' && i + 2 < encoded.length()) {
                bytes[length++] = (byte) Integer.parseInt(encoded.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                bytes[length++] = (byte) encoded.charAt(i);
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw Failures.files("the data directory " + root + " cannot be closed", e);
        }
    }
}
