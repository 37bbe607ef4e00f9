package engram.training;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.agent.MemoryBatches;
import engram.encoder.NormalizerFiles;
import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.NotFound;
import engram.tensor.TensorEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a directory, one sub-directory each: {@code agent.json}, {@code checkpoints}, {@code observed.journal}, {@code logs}. An agent is
 * opened when it is first asked for and learns nothing twice: one library at a time uses a directory. Thread-safe.
 */
public final class AgentLibrary implements AutoCloseable {
    private static final String DEFINITION = "agent.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final AgentMaker maker;
    private final ConcurrentMap<String, LiveAgent> open = new ConcurrentHashMap<>();

    /**
     * @param directory of the agents; created with the first one
     * @param engine where they learn
     * @param normalizers the state normalisers of environments, which agents share
     * @param memories gives an agent its access to shared memory; null for an agent without
     */
    public AgentLibrary(
            Path directory,
            TensorEngine engine,
            NormalizerFiles normalizers,
            InstantSource clock,
            Function<AgentDefinition, @Nullable MemoryBatches> memories) {
        this.directory = directory;
        this.maker = new AgentMaker(engine, normalizers, clock, memories);
    }

    /**
     * Makes an agent. It is on disk when this returns.
     *
     * @throws Conflict if there is one of that id
     */
    public synchronized LiveAgent create(AgentDefinition definition) {
        Path home = directory.resolve(definition.id());
        if (Files.exists(home.resolve(DEFINITION))) {
            throw new Conflict("id", "there is an agent named '" + definition.id() + "' already");
        }
        try {
            // What a former agent of this name left when its deletion was broken off.
            CheckpointWriter.delete(home);
            Files.createDirectories(home);
            Path unfinished = home.resolve(DEFINITION + ".unfinished");
            Files.write(
                    unfinished,
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(AgentDefinitionJson.write(definition)));
            CheckpointWriter.sync(unfinished);
            Files.move(unfinished, home.resolve(DEFINITION), StandardCopyOption.ATOMIC_MOVE);
            CheckpointWriter.sync(home);
            CheckpointWriter.sync(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return get(definition.id());
    }

    /**
     * An agent.
     *
     * @throws NotFound if there is none of that id
     * @throws Damaged if its file cannot be read
     */
    public LiveAgent get(String id) {
        AgentDefinition.requireId(id);
        LiveAgent known = open.get(id);
        return known != null ? known : opened(id);
    }

    private synchronized LiveAgent opened(String id) {
        return open.computeIfAbsent(id, _ -> {
            Path home = directory.resolve(id);
            AgentDefinition definition = read(id);
            return new LiveAgent(definition, home, maker);
        });
    }

    private AgentDefinition read(String id) {
        Path file = directory.resolve(id).resolve(DEFINITION);
        if (!Files.exists(file)) {
            throw new NotFound("agent", id);
        }
        try {
            return AgentDefinitionJson.read(JSON.readTree(Files.readAllBytes(file)));
        } catch (JacksonException e) {
            throw new Damaged("the file of the agent '" + id + "' cannot be read", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The ids of all agents, sorted. */
    public List<String> ids() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> Files.exists(entry.resolve(DEFINITION)))
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Deletes an agent with all it has learned.
     *
     * @throws NotFound if there is none of that id
     * @throws Conflict if it is being trained
     */
    public synchronized void delete(String id) {
        LiveAgent agent = get(id);
        agent.end();
        open.remove(id);
        try {
            // Without its definition it is gone, whatever happens to the rest.
            Files.delete(directory.resolve(id).resolve(DEFINITION));
            CheckpointWriter.delete(directory.resolve(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes what agents learned online since their last checkpoints. */
    public void saveAll() {
        open.values().forEach(LiveAgent::save);
    }

    /** Saves what agents learned online and frees what they hold; those that are open go on acting, none learns. */
    @Override
    public void close() {
        open.values().forEach(LiveAgent::close);
    }
}
