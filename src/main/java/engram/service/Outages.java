package engram.service;

import engram.error.Unreachable;
import engram.memory.IdempotencyKey;
import engram.memory.MemoryStores;
import engram.memory.deferred.DeferredSettings;
import engram.memory.deferred.DeferredStatus;
import engram.memory.deferred.DeferredWrites;
import engram.memory.deferred.KnownSpaces;
import engram.memory.space.MemoryWrites;
import engram.memory.space.NewMemory;
import engram.memory.space.Remembered;
import engram.memory.space.SpaceSettings;
import engram.memory.space.Spaces;
import engram.service.guard.GuardMeters;
import engram.service.guard.GuardedStores;
import engram.service.guard.StoreGuards;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What lets the service live with a store outside its process: guards around the store, and a spool for the writes that
 * it cannot take. With the embedded store there is none of this. Thread-safe.
 */
final class Outages implements AutoCloseable {
    private static final String DIRECTORY = "spool-writes";

    private final Path directory;
    private final ServiceSettings settings;
    private final MeterRegistry meters;
    private final KnownSpaces known;
    private final StoreGuards guards;
    private final GuardMeters guardMeters;
    private final GuardedStores stores;
    private volatile Optional<DeferredWrites> writes = Optional.empty();

    /**
     * @param outside the stores, unguarded
     * @param directory the data directory, which this process has to itself
     */
    Outages(MemoryStores outside, Path directory, ServiceSettings settings, MeterRegistry meters) {
        this.directory = directory.resolve(DIRECTORY);
        this.settings = settings;
        this.meters = meters;
        this.known = new KnownSpaces(this.directory);
        this.guardMeters = new GuardMeters(meters);
        this.guards = new StoreGuards(settings.guard(), outside::names, guardMeters);
        this.stores = new GuardedStores(outside, guards, known);
    }

    /** The stores, guarded; closing them closes those outside and ends the guards' own work. */
    MemoryStores stores() {
        return stores;
    }

    /** Takes up what waits from an earlier process; to be called once. */
    MemoryWrites defer(Spaces spaces, SpaceSettings defaults, Supplier<String> ids, InstantSource clock) {
        ServiceSettings.SpoolLimits limits = settings.spool();
        DeferredWrites deferred = new DeferredWrites(
                new DeferredWrites.Services(
                        directory,
                        once(MemoryWrites.into(spaces)),
                        known,
                        defaults,
                        ids,
                        clock,
                        Unreachable.class::isInstance,
                        (space, id) -> spaces.open(space).get(id)),
                new DeferredSettings(
                        limits.size().asLongValue(),
                        limits.writes(),
                        (int) Math.min(Integer.MAX_VALUE, limits.segmentSize().asLongValue()),
                        limits.drainWait(),
                        limits.retryEvery()));
        writes = Optional.of(deferred);
        gauge("engram.spool.writes", "Requests that wait for the store", deferred::waitingWrites);
        gauge("engram.spool.bytes", "Room that they take on disk", deferred::waitingBytes);
        gauge("engram.spool.refused", "Memories in dead-letter files", () -> deferred.status()
                .refused());
        gauge("engram.spool.damaged", "Damaged pieces that were set aside", () -> deferred.status()
                .damaged());
        FunctionCounter.builder("engram.spool.delivered", deferred, waiting -> waiting.status()
                        .delivered())
                .description("Memories that waited and were delivered")
                .register(meters);
        return deferred;
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(meters);
    }

    /** Writes that are not tried again, because the spool takes those that fail. */
    private static MemoryWrites once(MemoryWrites direct) {
        return new MemoryWrites() {
            @Override
            public void require(String space) {
                StoreGuards.once(() -> {
                    direct.require(space);
                    return true;
                });
            }

            @Override
            public Remembered remember(String space, List<NewMemory> memories, Optional<IdempotencyKey> key) {
                return StoreGuards.once(() -> direct.remember(space, memories, key));
            }
        };
    }

    /** What the store answers to a question that is none of the memories'. */
    <T> T ask(Supplier<T> question) {
        return guards.call(StoreGuards.Kind.READ, true, question);
    }

    /** Whether the store is known to be away. */
    boolean isStoreAway() {
        return guards.isAway();
    }

    /** How often it was found to be away. */
    long openings() {
        return guardMeters.openings();
    }

    /** Whether writes into some space would be kept. */
    boolean takesWrites() {
        return known.size() > 0 && writes.filter(DeferredWrites::hasRoom).isPresent();
    }

    /** What waits. */
    DeferredStatus waiting() {
        return writes.map(DeferredWrites::status).orElseGet(() -> new DeferredStatus(List.of(), 0));
    }

    /** Ends deliveries; what waits is delivered by the next process. */
    @Override
    public void close() {
        writes.ifPresent(DeferredWrites::close);
    }
}
