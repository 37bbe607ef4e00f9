package engram.memory.deferred;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.JsonObject;
import engram.memory.MemoryStores;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * The settings of each space as they were last seen, kept on this machine, so that writes can be checked while the store
 * is away, also after a restart. Thread-safe.
 */
public final class KnownSpaces {
    static final String FILE = "settings.json";

    private static final System.Logger LOG = System.getLogger(KnownSpaces.class.getName());
    private static final int FORMAT = 1;

    private final Path directory;
    private final ConcurrentMap<String, MemoryStores.Settings> known = new ConcurrentHashMap<>();

    /**
     * Reads what is known.
     *
     * @param directory holds a directory for each space; need not be there
     */
    public KnownSpaces(Path directory) {
        this.directory = directory;
        for (String space : directories(directory)) {
            read(space);
        }
    }

    static List<String> directories(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the directory " + directory + " cannot be listed", e);
            return List.of();
        }
    }

    private void read(String space) {
        Path file = directory.resolve(space).resolve(FILE);
        if (!Files.exists(file)) {
            return;
        }
        try {
            JsonNode json = DeferredWriteCodec.MAPPER.readTree(Files.readAllBytes(file));
            if (json.path("format").intValue() == FORMAT && json.get("settings") instanceof ObjectNode settings) {
                known.put(
                        space,
                        new MemoryStores.Settings(
                                JsonObject.of(settings), json.path("revision").longValue()));
                return;
            }
            LOG.log(Level.WARNING, "{0} is of another format and is not used", file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, file + " cannot be read and is not used", e);
        }
    }

    /** Keeps the settings that a store has told; does nothing if they are known already. */
    public void note(String space, MemoryStores.Settings settings) {
        MemoryStores.Settings before = known.put(space, settings);
        if (before != null
                && before.revision() == settings.revision()
                && before.document().equals(settings.document())) {
            return;
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT);
        json.put("revision", settings.revision());
        json.set("settings", settings.document().tree());
        try {
            Path file = Files.createDirectories(directory.resolve(space)).resolve(FILE);
            synchronized (this) {
                SpoolFiles.replace(file, DeferredWriteCodec.MAPPER.writeValueAsBytes(json));
            }
        } catch (IOException e) {
            // Reads and writes go on; only a restart while the store is away will not know this space.
            LOG.log(Level.WARNING, "the settings of space '" + space + "' cannot be kept", e);
        }
    }

    /** Forgets a space that is gone. */
    public void forget(String space) {
        if (known.remove(space) == null) {
            return;
        }
        try {
            Files.deleteIfExists(directory.resolve(space).resolve(FILE));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the settings of space '" + space + "' cannot be removed", e);
        }
    }

    /** The settings of a space as they were last seen; empty if it never was, or is gone. */
    public Optional<MemoryStores.Settings> settings(String space) {
        return Optional.ofNullable(known.get(space));
    }

    /** How many spaces are known. */
    public int size() {
        return known.size();
    }
}
