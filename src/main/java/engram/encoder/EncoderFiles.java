package engram.encoder;

import engram.error.Damaged;
import engram.error.NotFound;
import engram.error.StorageFull;
import engram.error.Unavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The trained encoder versions of a space on disk: a directory {@code v<number>} each, written whole or not at all, with
 * the weights, a description and the SHA-256 of both. A version also travels as one archive. Thread-safe as long as no
 * two threads save the same version.
 */
public final class EncoderFiles {
    /** The version of the format written; all from 1 on are read. */
    public static final int FORMAT_VERSION = 1;

    private static final Pattern NAME = Pattern.compile("v([1-9][0-9]{0,8})");
    /** With less than this left the disk counts as full: some times the size of a version. */
    private static final long SPARE = 32 << 20;

    private final Path directory;

    /** @param directory of all versions; created with the first */
    public EncoderFiles(Path directory) {
        this.directory = directory;
    }

    /** The numbers of the versions on disk, ascending, damaged ones included. */
    public List<Integer> versions() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> NAME.matcher(entry.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> Integer.valueOf(name.group(1)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unavailable("cannot list the encoders in " + directory, e);
        }
    }

    /**
     * Keeps a version durably.
     *
     * @throws StorageFull if there is no room; nothing of the version is kept
     * @throws Unavailable if the directory cannot be written for another reason; nothing of the version is kept
     * @throws IllegalStateException if the version is there already
     */
    public void save(StoredEncoder encoder) {
        write(encoder.version(), EncoderParts.of(encoder));
    }

    /**
     * Keeps the version that an archive holds durably, in place of what may be there under its number.
     *
     * @param name what to call the archive in messages
     * @return the encoder
     * @throws Damaged if the archive is not whole or of another version; what is there stays
     * @throws StorageFull if there is no room
     * @throws Unavailable if the directory cannot be written for another reason
     */
    public StoredEncoder restore(int version, byte[] archive, String name) {
        EncoderParts parts = EncoderParts.ofArchive(archive, name);
        StoredEncoder encoder = parts.decode(version, Path.of(name));
        if (Files.isDirectory(home(version))) {
            delete(version);
        }
        write(version, parts);
        return encoder;
    }

    /** A version as one archive with its checksum: {@link #ofArchive} reads it, {@link #restore} keeps it. */
    public static byte[] archive(StoredEncoder encoder) {
        return EncoderParts.of(encoder).archive();
    }

    /**
     * The version that an archive holds.
     *
     * @param name what to call the archive in messages
     * @throws Damaged if the archive is not whole or of another version
     */
    public static StoredEncoder ofArchive(int version, byte[] archive, String name) {
        return EncoderParts.ofArchive(archive, name).decode(version, Path.of(name));
    }

    /**
     * The same as {@link #digest(int)} of the version that an archive holds.
     *
     * @throws Damaged if the archive is not whole
     */
    public static String digest(byte[] archive, String name) {
        return EncoderParts.ofArchive(archive, name).digest(Path.of(name));
    }

    /** The same as {@link #fingerprint(int)} of a version that has been read. */
    public static String fingerprint(StoredEncoder encoder) {
        return EncoderParts.sha256(WeightsCodec.encode(encoder.weights()));
    }

    /**
     * Tells a version from another one of the same number, as long as it is intact: the SHA-256 of its checksums.
     *
     * @throws NotFound if there is none of this number
     * @throws Damaged if its checksums cannot be read
     */
    public String digest(int version) {
        return read(version, List.of(EncoderParts.CHECKSUMS)).digest(home(version));
    }

    /**
     * Removes a version, damaged or not, at once as a whole.
     *
     * @throws NotFound if there is none of this number
     */
    public void delete(int version) {
        Path home = requiredHome(version);
        Path draft = draft(version);
        try {
            deleteDraft(draft);
            Files.move(home, draft, StandardCopyOption.ATOMIC_MOVE);
            force(directory);
            deleteDraft(draft);
        } catch (IOException e) {
            throw unavailable("cannot delete encoder version " + version + " in " + directory, e);
        }
    }

    /**
     * The SHA-256 of a version's weights: two encoders with the same one make the same vectors.
     *
     * @throws NotFound if there is none of this number
     * @throws Damaged if its checksums cannot be read
     */
    public String fingerprint(int version) {
        Path file = requiredHome(version).resolve(EncoderParts.CHECKSUMS);
        String sum = EncoderParts.sums(bytes(file)).get(EncoderParts.WEIGHTS);
        if (sum == null) {
            throw new Damaged(file + " does not name " + EncoderParts.WEIGHTS);
        }
        return sum;
    }

    /**
     * Reads a version.
     *
     * @throws NotFound if there is none of this number
     * @throws Damaged if a file does not match its checksum, naming the file
     */
    public StoredEncoder load(int version) {
        return read(version, List.of(EncoderParts.CHECKSUMS, EncoderParts.DESCRIPTION, EncoderParts.WEIGHTS))
                .decode(version, home(version));
    }

    EncoderParts read(int version, List<String> names) {
        Path home = requiredHome(version);
        SequencedMap<String, byte[]> files = new LinkedHashMap<>();
        names.forEach(name -> files.put(name, bytes(home.resolve(name))));
        return new EncoderParts(files);
    }

    private Path home(int version) {
        return directory.resolve("v" + version);
    }

    private Path draft(int version) {
        return directory.resolve(".v" + version + ".draft");
    }

    private Path requiredHome(int version) {
        Path home = home(version);
        if (!Files.isDirectory(home)) {
            throw new NotFound("encoder version", Integer.toString(version));
        }
        return home;
    }

    void write(int version, EncoderParts parts) {
        Path target = home(version);
        if (Files.exists(target)) {
            throw new IllegalStateException("encoder version " + version + " is there already");
        }
        Path draft = draft(version);
        try {
            Files.createDirectories(directory);
            deleteDraft(draft);
            Files.createDirectory(draft);
            for (Map.Entry<String, byte[]> file : parts.files().entrySet()) {
                write(draft.resolve(file.getKey()), file.getValue());
            }
            force(draft);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            force(directory);
        } catch (IOException e) {
            String message = "cannot keep encoder version " + version + " in " + directory;
            throw isFull() ? new StorageFull(message, e) : unavailable(message, e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new Damaged(file + " is missing", e);
        } catch (IOException e) {
            throw new Damaged(file + " cannot be read", e);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private boolean isFull() {
        try {
            return Files.getFileStore(directory).getUsableSpace() < SPARE;
        } catch (IOException e) {
            return false;
        }
    }

    private static void deleteDraft(Path draft) throws IOException {
        if (Files.isDirectory(draft)) {
            try (Stream<Path> files = Files.list(draft)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(draft);
        }
    }

    private static Unavailable unavailable(String message, IOException cause) {
        return new Unavailable(message, Duration.ofSeconds(5), cause);
    }
}
