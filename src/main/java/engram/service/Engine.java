package engram.service;

import engram.agent.Agents;
import engram.agent.MemoryBatches;
import engram.agent.SharedMemory;
import engram.encoder.MiniLmTextEncoder;
import engram.encoder.NormalizerFiles;
import engram.environment.ActionSpace;
import engram.environment.Ticks;
import engram.error.InvalidInput;
import engram.memory.Documents;
import engram.memory.MemoryStores;
import engram.memory.embedded.EmbeddedMemoryStores;
import engram.memory.redis.RedisMemoryStores;
import engram.memory.redis.RedisSettings;
import engram.memory.space.MemoryWrites;
import engram.memory.space.SpaceServices;
import engram.memory.space.SpaceSettings;
import engram.memory.space.Spaces;
import engram.memory.space.SpacesFollower;
import engram.memory.space.TimeOrderedIds;
import engram.replay.SharedReplay;
import engram.run.RunSettings;
import engram.run.Runs;
import engram.service.agents.AgentService;
import engram.service.environments.EnvironmentInstances;
import engram.service.environments.EnvironmentMeters;
import engram.service.environments.OfferedEnvironments;
import engram.tensor.DeviceChoice;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import engram.training.AgentDefinition;
import engram.training.AgentLibrary;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

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
    private final EmbeddedMemoryStores home;
    private final StoreChoice choice;
    private final MemoryStores stores;
    private final Runs runs;
    private final Spaces spaces;
    private final MemoryWrites writes;
    private final Optional<Outages> outages;
    private final TensorEngine tensors;
    private final SpaceSettings defaults;
    private final Optional<SpacesFollower> follower;
    private final OfferedEnvironments environments;
    private final EnvironmentInstances instances;
    private final AgentService agents;

    /**
     * Opens the memory.
     *
     * @param settings the settings
     * @param clock tells the time
     * @param observed puts something around the stores that watches them
     * @param redis opens the store in Redis; asked only where that is chosen
     * @param guarded puts guards around a store outside the process
     * @param environmentMeters measures the environments that clients offer
     * @throws engram.error.Unavailable if another process has the data directory
     * @throws InvalidInput if a setting is unsuitable
     */
    Engine(
            ServiceSettings settings,
            Clock clock,
            UnaryOperator<MemoryStores> observed,
            Function<RedisSettings, RedisMemoryStores> redis,
            Function<MemoryStores, Outages> guarded,
            EnvironmentMeters environmentMeters) {
        StoreChoice.requireKnown(settings.store());
        DeviceChoice device = DeviceChoice.parse("engram.device", settings.device());
        this.defaults = SpaceDefaults.of(settings);
        this.tensors = new TensorEngine(new TensorSettings(device, settings.deviceThreads()));
        this.directory = settings.dataDir().toAbsolutePath();
        Supplier<String> ids = new TimeOrderedIds(clock, new SecureRandom());
        this.home = new EmbeddedMemoryStores(directory, EmbeddedStoreSettings.of(settings), clock);
        try {
            this.choice = StoreChoice.of(settings, home, directory, redis);
            this.outages = choice.isOutside() ? Optional.of(guarded.apply(choice.stores())) : Optional.empty();
            this.stores = observed.apply(outages.map(Outages::stores).orElse(choice.stores()));
            ServiceSettings.RunLimits limits = settings.runs();
            this.runs = new Runs(
                    directory.resolve("runs"),
                    new RunSettings(limits.threads(), limits.queued(), limits.history(), limits.stopWithin()),
                    clock,
                    ids);
        } catch (RuntimeException e) {
            home.close();
            throw e;
        }
        this.spaces = new Spaces(new SpaceServices(
                stores,
                choice.replicas(),
                choice.directory(),
                new MiniLmTextEncoder(),
                tensors,
                runs,
                clock,
                ids,
                defaults));
        this.follower = choice.replicas().areOthers()
                ? Optional.of(new SpacesFollower(spaces, settings.replicas().followEvery(), clock))
                : Optional.empty();
        this.environments = new OfferedEnvironments(
                settings.environments(), new SplittableRandom(), Ticks.system(), environmentMeters);
        this.instances = new EnvironmentInstances(settings.environments(), Ticks.system());
        Path agentDirectory = directory.resolve("agents");
        this.agents = new AgentService(
                new AgentLibrary(
                        agentDirectory,
                        tensors,
                        new NormalizerFiles(directory.resolve("normalizers")),
                        clock,
                        definition -> memory(definition, clock)),
                agentDirectory,
                runs,
                environments::make,
                settings.agents().actWithin());
        this.writes = outages.map(outage -> outage.defer(spaces, defaults, ids, clock))
                .orElseGet(() -> MemoryWrites.into(spaces));
    }

    private @Nullable MemoryBatches memory(AgentDefinition agent, Clock clock) {
        return agent.space()
                .map(space -> new SharedMemory(
                        new SharedReplay(
                                () -> spaces.open(space),
                                Agents.shape(agent.observations().width(), agent.actions()),
                                agent.settings().replayOverSpace(agent.id()),
                                clock),
                        agent.settings().memory(),
                        Agents.shape(agent.observations().width(), agent.actions()),
                        agent.actions() instanceof ActionSpace.Discrete))
                .orElse(null);
    }

    /** The directory of everything that is kept. */
    Path directory() {
        return directory;
    }

    /** Tells this holder of the data directory from every other one. */
    String instance() {
        return home.instance();
    }

    /** Notes in the data directory where the service answers, so that commands find it. */
    void announce(String address) {
        home.announce(address);
    }

    Spaces spaces() {
        return spaces;
    }

    /** What replicas share beside memories. */
    Documents documents() {
        return choice.documents();
    }

    /** A copy of such things on this machine, where they are kept elsewhere; empty where they are here anyway. */
    Optional<Documents> documentCopies() {
        return choice.documentCopies();
    }

    /** Finishes what was broken off in the store when a service ended. */
    void tidyUp() {
        choice.tidyUp().run();
    }

    /**
     * What an operator should know of the store.
     *
     * @throws engram.error.Unavailable if the store cannot be reached
     */
    List<String> storeProblems() {
        return outages.map(outage -> outage.ask(choice.problems())).orElseGet(choice.problems());
    }

    /** What lets the service live with a store outside its process; empty with the embedded store. */
    Optional<Outages> outages() {
        return outages;
    }

    /** Where new memories go. */
    MemoryWrites writes() {
        return writes;
    }

    /** All environments by name. */
    OfferedEnvironments environments() {
        return environments;
    }

    /** Instances of environments that clients have. */
    EnvironmentInstances instances() {
        return instances;
    }

    AgentService agents() {
        return agents;
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

    /**
     * Stops the runs and lets agents write what they learned, and into their spaces what they lived through, while the
     * store can still be reached.
     */
    void stopLearning() {
        runs.close();
        agents.library().close();
    }

    /** Stops the runs, waits until nothing computes any more, and closes the memory. */
    @Override
    public void close() {
        try {
            follower.ifPresent(SpacesFollower::close);
            runs.close();
            instances.close();
            agents.close();
            if (!tensors.close(STEP_ENDS_WITHIN)) {
                LOG.warnf("a computation did not end within %s; the process may crash as it ends", STEP_ENDS_WITHIN);
            }
        } finally {
            outages.ifPresent(Outages::close);
            spaces.close();
            home.close();
        }
    }
}
