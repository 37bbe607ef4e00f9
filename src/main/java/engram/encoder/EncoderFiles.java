package engram.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Damaged;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.error.StorageFull;
import engram.error.Unavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The trained encoder versions of a space on disk: a directory {@code v<number>} each, written whole or not at all, with
 * the weights, a description and the SHA-256 of both. Thread-safe as long as no two threads save the same version.
 */
public final class EncoderFiles {
    /** The version of the format written; all from 1 on are read. */
    public static final int FORMAT_VERSION = 1;

    private static final String WEIGHTS = "weights.bin";
    private static final String DESCRIPTION = "encoder.json";
    private static final String CHECKSUMS = "SHA256SUMS";
    private static final Pattern NAME = Pattern.compile("v([1-9][0-9]{0,8})");
    /** With less than this left the disk counts as full: some times the size of a version. */
    private static final long SPARE = 32 << 20;

    private static final ObjectMapper MAPPER = new ObjectMapper();

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
        Path target = directory.resolve("v" + encoder.version());
        if (Files.exists(target)) {
            throw new IllegalStateException("encoder version " + encoder.version() + " is there already");
        }
        Path draft = directory.resolve(".v" + encoder.version() + ".draft");
        try {
            Files.createDirectories(directory);
            deleteDraft(draft);
            Files.createDirectory(draft);
            byte[] weights = WeightsCodec.encode(encoder.weights());
            byte[] description = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(describe(encoder));
            write(draft.resolve(WEIGHTS), weights);
            write(draft.resolve(DESCRIPTION), description);
            String sums = sha256(description) + "  " + DESCRIPTION + "\n" + sha256(weights) + "  " + WEIGHTS + "\n";
            write(draft.resolve(CHECKSUMS), sums.getBytes(StandardCharsets.US_ASCII));
            force(draft);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            force(directory);
        } catch (IOException e) {
            String message = "cannot keep encoder version " + encoder.version() + " in " + directory;
            throw isFull() ? new StorageFull(message, e) : unavailable(message, e);
        }
    }

    /**
     * Removes a version, damaged or not, at once as a whole.
     *
     * @throws NotFound if there is none of this number
     */
    public void delete(int version) {
        Path home = directory.resolve("v" + version);
        Path draft = directory.resolve(".v" + version + ".draft");
        if (!Files.isDirectory(home)) {
            throw new NotFound("encoder version", Integer.toString(version));
        }
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
        Path home = directory.resolve("v" + version);
        if (!Files.isDirectory(home)) {
            throw new NotFound("encoder version", Integer.toString(version));
        }
        String sum = checksums(home.resolve(CHECKSUMS)).get(WEIGHTS);
        if (sum == null) {
            throw new Damaged(home.resolve(CHECKSUMS) + " does not name " + WEIGHTS);
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
        Path home = directory.resolve("v" + version);
        if (!Files.isDirectory(home)) {
            throw new NotFound("encoder version", Integer.toString(version));
        }
        SequencedMap<String, String> sums = checksums(home.resolve(CHECKSUMS));
        JsonNode description = parse(home.resolve(DESCRIPTION), checked(home.resolve(DESCRIPTION), sums));
        int format = description.path("formatVersion").asInt();
        if (format != FORMAT_VERSION) {
            throw new Damaged(home.resolve(DESCRIPTION) + " is of format " + format + ", and this Engram reads "
                    + FORMAT_VERSION);
        }
        if (description.path("version").asInt() != version) {
            throw new Damaged(home.resolve(DESCRIPTION) + " is not of encoder version " + version);
        }
        Weights weights = WeightsCodec.decode(checked(home.resolve(WEIGHTS), sums), home.resolve(WEIGHTS));
        return read(version, weights, description, home.resolve(DESCRIPTION));
    }

    private static ObjectNode describe(StoredEncoder encoder) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("formatVersion", FORMAT_VERSION).put("version", encoder.version());
        json.put("created", encoder.created().toString());
        ScoreScale scale = encoder.scale();
        json.putObject("scoreScale")
                .put("full", scale.full())
                .put("compressed", scale.compressed())
                .put("abstract", scale.abstracted())
                .put("knee", scale.knee())
                .put("softness", scale.softness());
        json.set("report", encoder.report());
        return json;
    }

    private static StoredEncoder read(int version, Weights weights, JsonNode json, Path file) {
        JsonNode scale = json.path("scoreScale");
        try {
            return new StoredEncoder(
                    version,
                    weights,
                    new ScoreScale(
                            scale.path("full").doubleValue(),
                            scale.path("compressed").doubleValue(),
                            scale.path("abstract").doubleValue(),
                            scale.path("knee").doubleValue(),
                            scale.path("softness").doubleValue()),
                    json.get("report") instanceof ObjectNode report ? report : MAPPER.createObjectNode(),
                    Instant.parse(json.path("created").asText()));
        } catch (InvalidInput | DateTimeParseException e) {
            throw new Damaged(file + " does not describe an encoder", e);
        }
    }

    private static JsonNode parse(Path file, byte[] content) {
        try {
            return MAPPER.readTree(content);
        } catch (IOException e) {
            throw new Damaged(file + " is not JSON", e);
        }
    }

    private static SequencedMap<String, String> checksums(Path file) {
        SequencedMap<String, String> sums = new TreeMap<>();
        for (String line :
                new String(bytes(file), StandardCharsets.US_ASCII).lines().toList()) {
            String[] parts = line.split("  ", 2);
            if (parts.length == 2) {
                sums.put(parts[1], parts[0]);
            }
        }
        return sums;
    }

    private static byte[] checked(Path file, SequencedMap<String, String> sums) {
        byte[] content = bytes(file);
        if (!sha256(content).equals(sums.get(file.getFileName().toString()))) {
            throw new Damaged(file + " does not match its checksum");
        }
        return content;
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

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static Unavailable unavailable(String message, IOException cause) {
        return new Unavailable(message, Duration.ofSeconds(5), cause);
    }
}
