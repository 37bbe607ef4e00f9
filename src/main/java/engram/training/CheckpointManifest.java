package engram.training;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Damaged;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a checkpoint consists of: the files of every part in their order, each with its length and SHA-256. */
final class CheckpointManifest {
    private static final String FILE = "manifest.json";
    private static final String DIGEST = "manifest.sha256";
    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, List<SavedFile>> files;

    private CheckpointManifest(Map<String, List<SavedFile>> files) {
        this.files = files;
    }

    /**
     * The manifest of a checkpoint all of whose files are as they were written.
     *
     * @throws Damaged if one is not
     */
    static CheckpointManifest verified(Path checkpoint) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(checkpoint.resolve(FILE));
            String expected = Files.readString(checkpoint.resolve(DIGEST), StandardCharsets.US_ASCII)
                    .strip();
            if (!SavedFile.digest(bytes).equals(expected)) {
                throw new Damaged("its manifest is not as it was written");
            }
            JsonNode manifest = JSON.readTree(bytes);
            if (manifest.path("formatVersion").asInt() != FORMAT) {
                throw new Damaged("it has the unknown format " + manifest.path("formatVersion"));
            }
            Map<String, List<SavedFile>> files = new LinkedHashMap<>();
            for (JsonNode part : manifest.path("parts")) {
                List<SavedFile> ofPart = new ArrayList<>();
                for (JsonNode file : part.path("files")) {
                    ofPart.add(verified(checkpoint, file));
                }
                files.put(part.path("name").asText(), ofPart);
            }
            return new CheckpointManifest(files);
        } catch (NoSuchFileException e) {
            throw new Damaged("its file " + e.getFile() + " is missing", e);
        } catch (JacksonException e) {
            throw new Damaged("its manifest cannot be read", e);
        }
    }

    private static SavedFile verified(Path checkpoint, JsonNode file) throws IOException {
        SavedFile expected = new SavedFile(
                checkpoint.resolve(file.path("name").asText()),
                file.path("bytes").asLong(),
                file.path("sha256").asText());
        if (!SavedFile.of(expected.path()).equals(expected)) {
            throw new Damaged("its file " + expected.path().getFileName() + " is not as it was written");
        }
        return expected;
    }

    /**
     * The files of a part, at least one.
     *
     * @throws Damaged if the checkpoint has no such part
     */
    List<SavedFile> files(String part) {
        List<SavedFile> found = files.get(part);
        if (found == null || found.isEmpty()) {
            throw new Damaged("the checkpoint has no part named " + part + ", only " + files.keySet());
        }
        return found;
    }

    /** Puts a manifest together. */
    static final class Builder {
        private final ObjectNode manifest = JSON.createObjectNode();
        private final ArrayNode parts;
        private final Map<String, ArrayNode> files = new LinkedHashMap<>();

        Builder(long step) {
            manifest.put("formatVersion", FORMAT).put("step", step);
            parts = manifest.putArray("parts");
        }

        void add(String part, SavedFile file) {
            files.computeIfAbsent(
                            part, name -> parts.addObject().put("name", name).putArray("files"))
                    .addObject()
                    .put("name", String.valueOf(file.path().getFileName()))
                    .put("bytes", file.bytes())
                    .put("sha256", file.sha256());
        }

        /** Writes the manifest and its checksum; returns both files. */
        List<Path> write(Path directory) throws IOException {
            byte[] bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest);
            Path file = Files.write(directory.resolve(FILE), bytes);
            Path digest = Files.writeString(directory.resolve(DIGEST), SavedFile.digest(bytes) + "\n");
            return List.of(file, digest);
        }
    }
}
