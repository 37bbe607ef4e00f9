package engram.service;

import engram.encoder.MiniLmTextEncoder;
import engram.error.InvalidInput;
import engram.memory.Documents;
import engram.memory.MemoryStores;
import engram.memory.embedded.EmbeddedMemoryStores;
import engram.memory.embedded.FileDocuments;
import engram.memory.space.MemoryWrites;
import engram.memory.space.SpaceServices;
import engram.memory.space.SpaceSettings;
import engram.memory.space.Spaces;
import engram.memory.space.TimeOrderedIds;
import engram.run.RunSettings;
import engram.run.Runs;
import engram.tensor.DeviceChoice;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/**
 * Everything that the service is made of, put together in one place and in the order it needs: stores, runs, spaces.
 * Closing goes the other way: runs stop, and nothing computes any more, before the memory they work on is closed.
 */
final class Engine implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Engine.class);

    /**
     * How long the end of the process waits for steps of computations. By then the runs have been cancelled and given
     * {@code engram.runs.stop-within}; a step takes milliseconds, on a busy machine and with large batches a second, and
     * loading PyTorch for the first time some seconds.
     */
    private static final Duration STEP_ENDS_WITHIN = Duration.ofSeconds(10);

    private final Path directory;
    private final EmbeddedMemoryStores embedded;
    private final Documents documents;
    private final Runs runs;
    private final Spaces spaces;
    private final MemoryWrites writes;
    private final TensorEngine tensors;
    private final SpaceSettings defaults;

    /**
     * Opens the memory.
     *
     * @param settings the settings
     * @param clock tells the time
     * @param observed puts something around the stores that watches them
     * @throws engram.error.Unavailable if another process has the data directory
     * @throws InvalidInput if a setting is unsuitable
     */
    Engine(ServiceSettings settings, Clock clock, UnaryOperator<MemoryStores> observed) {
        requireKnownStore(settings.store());
        DeviceChoice device = DeviceChoice.parse("engram.device", settings.device());
        this.defaults = SpaceDefaults.of(settings);
        this.tensors = new TensorEngine(new TensorSettings(device, settings.deviceThreads()));
        this.directory = settings.dataDir().toAbsolutePath();
        Supplier<String> ids = new TimeOrderedIds(clock, new SecureRandom());
        this.embedded = new EmbeddedMemoryStores(directory, EmbeddedStoreSettings.of(settings), clock);
        MemoryStores stores = observed.apply(embedded);
        try {
            this.documents = new FileDocuments(directory.resolve("documents"));
            ServiceSettings.RunLimits limits = settings.runs();
            this.runs = new Runs(
                    directory.resolve("runs"),
                    new RunSettings(limits.threads(), limits.queued(), limits.history(), limits.stopWithin()),
                    clock,
                    ids);
        } catch (RuntimeException e) {
            stores.close();
            throw e;
        }
        this.spaces = new Spaces(
                new SpaceServices(stores, directory, new MiniLmTextEncoder(), tensors, runs, clock, ids, defaults));
        this.writes = MemoryWrites.into(spaces);
    }

    /** The directory of everything that is kept. */
    Path directory() {
        return directory;
    }

    /** Tells this holder of the data directory from every other one. */
    String instance() {
        return embedded.instance();
    }

    /** Notes in the data directory where the service answers, so that commands find it. */
    void announce(String address) {
        embedded.announce(address);
    }

    Spaces spaces() {
        return spaces;
    }

    /** What replicas share beside memories. */
    Documents documents() {
        return documents;
    }

    /** A copy of such things on this machine, where they are kept elsewhere; empty where they are here anyway. */
    Optional<Documents> documentCopies() {
        return Optional.empty();
    }

    /** Where new memories go. */
    MemoryWrites writes() {
        return writes;
    }

    Runs runs() {
        return runs;
    }

    TensorEngine tensors() {
        return tensors;
    }

    SpaceSettings defaults() {
        return defaults;
    }

    /** Stops the runs, waits until nothing computes any more, and closes the memory. */
    @Override
    public void close() {
        try {
            runs.close();
            if (!tensors.close(STEP_ENDS_WITHIN)) {
                LOG.warnf("a computation did not end within %s; the process may crash as it ends", STEP_ENDS_WITHIN);
            }
        } finally {
            spaces.close();
        }
    }

    /**
     * Refuses a store that this version does not have.
     *
     * @throws InvalidInput with what to do
     */
    static void requireKnownStore(String store) {
        switch (store) {
            case "embedded" -> {}
            case "redis" ->
                throw new InvalidInput(
                        "engram.store",
                        "redis is not part of this version of Engram; leave it out or set it to embedded");
            default -> throw new InvalidInput("engram.store", "must be embedded, not '" + store + "'");
        }
    }
}
