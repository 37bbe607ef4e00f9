package engram.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Damaged;
import engram.error.InvalidInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A trained encoder version as bytes: the files that it is kept in, by name, and all of them in one archive, which is a
 * line with the letters {@code ENGRAM-ENCODER}, the format version and the SHA-256 of the rest, and the rest a ZIP.
 *
 * @param files the content of each file; owned by this object
 */
record EncoderParts(SequencedMap<String, byte[]> files) {
    static final String WEIGHTS = "weights.bin";
    static final String DESCRIPTION = "encoder.json";
    static final String CHECKSUMS = "SHA256SUMS";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String ARCHIVE_LINE = "ENGRAM-ENCODER 1 ";
    private static final int DIGEST_LETTERS = 64;
    /** Many times the size of any encoder; an archive from elsewhere must not unpack without an end. */
    private static final int LARGEST = 256 << 20;

    private static final int ARCHIVE_HEAD = ARCHIVE_LINE.length() + DIGEST_LETTERS + 1;
    /** Before anybody's encoders, and in every time zone the same: archives of one encoder are equal. */
    private static final LocalDateTime TIMELESS = LocalDateTime.of(1980, 1, 1, 0, 0);

    static EncoderParts of(StoredEncoder encoder) {
        byte[] description;
        try {
            description = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(describe(encoder));
        } catch (IOException e) {
            throw new UncheckedIOException("a tree cannot be written as JSON", e);
        }
        return summed(WeightsCodec.encode(encoder.weights()), description);
    }

    /** These two files and their checksums. */
    static EncoderParts summed(byte[] weights, byte[] description) {
        SequencedMap<String, byte[]> files = new LinkedHashMap<>();
        String sums = sha256(description) + "  " + DESCRIPTION + "\n" + sha256(weights) + "  " + WEIGHTS + "\n";
        files.put(WEIGHTS, weights);
        files.put(DESCRIPTION, description);
        files.put(CHECKSUMS, sums.getBytes(StandardCharsets.US_ASCII));
        return new EncoderParts(files);
    }

    /**
     * The encoder.
     *
     * @param home what to call the place of the files in messages
     * @throws Damaged if a file is missing, does not match its checksum or is of another version or format
     */
    StoredEncoder decode(int version, Path home) {
        SequencedMap<String, String> sums = sums(home);
        JsonNode description = parse(home.resolve(DESCRIPTION), checked(DESCRIPTION, sums, home));
        int format = description.path("formatVersion").asInt();
        if (format != EncoderFiles.FORMAT_VERSION) {
            throw new Damaged(home.resolve(DESCRIPTION) + " is of format " + format + ", and this Engram reads "
                    + EncoderFiles.FORMAT_VERSION);
        }
        if (description.path("version").asInt() != version) {
            throw new Damaged(home.resolve(DESCRIPTION) + " is not of encoder version " + version);
        }
        Weights weights = WeightsCodec.decode(checked(WEIGHTS, sums, home), home.resolve(WEIGHTS));
        return read(version, weights, description, home.resolve(DESCRIPTION));
    }

    /** Tells these files from every other version's, intact ones: the SHA-256 of the checksums. */
    String digest(Path home) {
        return sha256(required(CHECKSUMS, home));
    }

    /** All files in one. */
    byte[] archive() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                // Weights do not get smaller by compressing.
                CRC32 crc = new CRC32();
                crc.update(file.getValue());
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(TIMELESS);
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(file.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot be written to", e);
        }
        byte[] content = packed.toByteArray();
        ByteArrayOutputStream archive = new ByteArrayOutputStream(ARCHIVE_HEAD + content.length);
        archive.writeBytes((ARCHIVE_LINE + sha256(content) + "\n").getBytes(StandardCharsets.US_ASCII));
        archive.writeBytes(content);
        return archive.toByteArray();
    }

    /**
     * Reads an archive.
     *
     * @param name what to call it in messages
     * @throws Damaged if it is no archive or does not match its checksum
     */
    static EncoderParts ofArchive(byte[] archive, String name) {
        if (archive.length < ARCHIVE_HEAD) {
            throw new Damaged(name + " is no archive of an encoder");
        }
        String head = new String(archive, 0, ARCHIVE_HEAD, StandardCharsets.US_ASCII);
        MessageDigest digest = sha256();
        digest.update(archive, ARCHIVE_HEAD, archive.length - ARCHIVE_HEAD);
        if (!head.equals(ARCHIVE_LINE + HexFormat.of().formatHex(digest.digest()) + "\n")) {
            throw new Damaged(name + " does not match its checksum");
        }
        SequencedMap<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream zip =
                new ZipInputStream(new ByteArrayInputStream(archive, ARCHIVE_HEAD, archive.length - ARCHIVE_HEAD))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.getName().equals(WEIGHTS)
                        && !entry.getName().equals(DESCRIPTION)
                        && !entry.getName().equals(CHECKSUMS)) {
                    throw new Damaged(name + " holds a file that belongs to no encoder");
                }
                byte[] content = zip.readNBytes(LARGEST + 1);
                if (content.length > LARGEST) {
                    throw new Damaged(name + " holds more than an encoder does");
                }
                files.put(entry.getName(), content);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new Damaged(name + " is no archive of an encoder", e);
        }
        return new EncoderParts(files);
    }

    static SequencedMap<String, String> sums(byte[] checksums) {
        SequencedMap<String, String> sums = new TreeMap<>();
        for (String line :
                new String(checksums, StandardCharsets.US_ASCII).lines().toList()) {
            String[] parts = line.split("  ", 2);
            if (parts.length == 2) {
                sums.put(parts[1], parts[0]);
            }
        }
        return sums;
    }

    private byte[] required(String file, Path home) {
        byte[] content = files.get(file);
        if (content == null) {
            throw new Damaged(home.resolve(file) + " is missing");
        }
        return content;
    }

    /** The checksums that are written beside the files. */
    SequencedMap<String, String> sums(Path home) {
        return sums(required(CHECKSUMS, home));
    }

    byte[] checked(String file, SequencedMap<String, String> sums, Path home) {
        byte[] content = required(file, home);
        if (!sha256(content).equals(sums.get(file))) {
            throw new Damaged(home.resolve(file) + " does not match its checksum");
        }
        return content;
    }

    private static ObjectNode describe(StoredEncoder encoder) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("formatVersion", EncoderFiles.FORMAT_VERSION).put("version", encoder.version());
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

    static String sha256(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
