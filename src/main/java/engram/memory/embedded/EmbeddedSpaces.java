package engram.memory.embedded;

import engram.encoder.MiniLmTextEncoder;
import engram.memory.space.Replicas;
import engram.memory.space.SpaceServices;
import engram.memory.space.SpaceSettings;
import engram.memory.space.Spaces;
import engram.memory.space.TimeOrderedIds;
import engram.run.RunSettings;
import engram.run.Runs;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/**
 * Engram as a library: all spaces of one data directory, without a service and without a server beside it. One process at
 * a time opens a directory.
 *
 * <pre>{@code
 * try (EmbeddedSpaces memory = EmbeddedSpaces.open(Path.of("data"))) {
 *     Space world = memory.spaces().put("world", SpaceSettings.defaults(), OptionalLong.empty()).space();
 *     world.remember(List.of(newMemory), Optional.empty());
 *     Recalled similar = world.recall(Recall.of(new Query.OfState(state), 10));
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class EmbeddedSpaces implements AutoCloseable {
    /** By then runs are cancelled; a step of a training takes milliseconds. */
    private static final Duration STEP_ENDS_WITHIN = Duration.ofSeconds(10);

    private final Spaces spaces;
    private final Runs runs;
    private final TensorEngine tensors;

    private EmbeddedSpaces(Spaces spaces, Runs runs, TensorEngine tensors) {
        this.spaces = spaces;
        this.runs = runs;
        this.tensors = tensors;
    }

    /**
     * Opens a data directory with the default settings; it is created if absent.
     *
     * @throws engram.error.Unavailable if the directory cannot be used or another process has it open
     */
    public static EmbeddedSpaces open(Path directory) {
        return open(directory, EmbeddedSettings.defaults(), SpaceSettings.defaults(), Clock.systemUTC());
    }

    /**
     * Opens a data directory.
     *
     * @param settings how the store uses disk, memory and processors
     * @param defaults the settings of a space that names none itself
     * @param clock tells the time
     */
    public static EmbeddedSpaces open(Path directory, EmbeddedSettings settings, SpaceSettings defaults, Clock clock) {
        EmbeddedMemoryStores stores = new EmbeddedMemoryStores(directory, settings, clock);
        Runs runs = new Runs(directory.resolve("runs"), RunSettings.defaults(), clock, () -> UUID.randomUUID()
                .toString());
        TensorEngine tensors = new TensorEngine(TensorSettings.defaults());
        Spaces spaces = new Spaces(new SpaceServices(
                stores,
                Replicas.alone(),
                directory,
                new MiniLmTextEncoder(),
                tensors,
                runs,
                clock,
                new TimeOrderedIds(clock, new SecureRandom()),
                defaults));
        return new EmbeddedSpaces(spaces, runs, tensors);
    }

    /** The spaces of the directory. */
    public Spaces spaces() {
        return spaces;
    }

    /** The long jobs of the spaces: training, re-embedding. */
    public Runs runs() {
        return runs;
    }

    @Override
    public void close() {
        runs.close();
        tensors.close(STEP_ENDS_WITHIN);
        spaces.close();
    }
}
