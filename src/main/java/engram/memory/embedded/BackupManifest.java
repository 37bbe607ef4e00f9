package engram.memory.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Damaged;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The list of a backup's files with their SHA-256, kept in {@code backup.json}. */
final class BackupManifest {
    static final String FILE = "backup.json";

    private static final int FORMAT = 1;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private BackupManifest() {}

    static EmbeddedMaintenance.Copied write(Path root, List<String> spaces, Instant time) throws IOException {
        long bytes = FileTrees.size(root);
        Map<String, String> sums = sums(root);
        ObjectNode manifest = MAPPER.createObjectNode();
        manifest.put("format", FORMAT).put("created", time.toString());
        ObjectNode files = manifest.putObject("files");
        sums.forEach(files::put);
        Files.write(root.resolve(FILE), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
        return new EmbeddedMaintenance.Copied(spaces, sums.size(), bytes, time);
    }

    /**
     * Compares a backup with its list.
     *
     * @return what it holds
     * @throws Damaged if a file is missing, changed or not on the list
     */
    static EmbeddedMaintenance.Copied verify(Path root) throws IOException {
        Path file = root.resolve(FILE);
        if (!Files.exists(file)) {
            throw new Damaged(root + " is no backup: it has no " + FILE);
        }
        JsonNode manifest = read(file);
        if (manifest.path("format").asInt() != FORMAT) {
            throw new Damaged(file + " has a format that this version does not read");
        }
        Map<String, String> listed = new TreeMap<>();
        manifest.path("files")
                .properties()
                .forEach(entry -> listed.put(entry.getKey(), entry.getValue().asText()));
        Map<String, String> present = sums(root);
        if (!present.equals(listed)) {
            List<String> differing = Stream.concat(listed.keySet().stream(), present.keySet().stream())
                    .distinct()
                    .filter(name -> !listed.getOrDefault(name, "").equals(present.get(name)))
                    .toList();
            throw new Damaged("the backup at " + root + " is not as it was written: " + String.join(", ", differing));
        }
        return new EmbeddedMaintenance.Copied(
                DataDirectory.names(root),
                present.size(),
                FileTrees.size(root) - Files.size(file),
                created(manifest, file));
    }

    private static JsonNode read(Path file) throws IOException {
        try {
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new Damaged(file + " is not as it was written: it is no JSON", e);
        }
    }

    private static Instant created(JsonNode manifest, Path file) {
        try {
            return Instant.parse(manifest.path("created").asText());
        } catch (DateTimeParseException e) {
            throw new Damaged(file + " is not as it was written: it has no time", e);
        }
    }

    private static Map<String, String> sums(Path root) throws IOException {
        Map<String, String> sums = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (!name.equals(FILE)) {
                    sums.put(name, sum(file));
                }
            }
        }
        return sums;
    }

    private static String sum(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream stream = new DigestInputStream(Files.newInputStream(file), digest)) {
                stream.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
