package engram.memory.deferred;

import engram.error.EngramException;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.error.Unavailable;
import engram.feature.Remark;
import engram.memory.IdempotencyKey;
import engram.memory.Memory;
import engram.memory.MemoryStores;
import engram.memory.space.Admission;
import engram.memory.space.MemoryWrites;
import engram.memory.space.NewMemory;
import engram.memory.space.Remembered;
import engram.memory.space.SpaceSettings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes that go on while the store of the spaces is away. A write that the store cannot take now is kept on disk, and
 * delivered when it can, in the order of acceptance within each space and once, also after a restart of the process.
 * While writes of a space wait, new ones queue behind them. Thread-safe.
 */
public final class DeferredWrites implements MemoryWrites, AutoCloseable {
    private static final int THREADS = 2;
    private static final Duration FULL_FOR = Duration.ofSeconds(30);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);
    private static final System.Logger LOG = System.getLogger(DeferredWrites.class.getName());

    private final Services services;
    private final DeferredSettings settings;
    private final SpoolWriter writer = new SpoolWriter();
    private final ScheduledThreadPoolExecutor executor;
    private final ConcurrentMap<String, SpaceQueue> queues = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Known> admissions = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, String> unreadable = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicLong delivered = new AtomicLong();
    private volatile boolean closed;

    /** Reads what waits from an earlier process and begins to deliver it. */
    public DeferredWrites(Services services, DeferredSettings settings) {
        this.services = services;
        this.settings = settings;
        this.executor = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "engram-delivery");
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // What comes after the end waits for the next process.
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        for (String space : KnownSpaces.directories(services.directory)) {
            if (SpoolRecovery.holdsAnything(services.directory.resolve(space))) {
                reopen(space);
            }
        }
    }

    private void reopen(String space) {
        try {
            queue(space).wake();
        } catch (EngramException e) {
            LOG.log(Level.ERROR, "the deferred writes of space '" + space + "' cannot be read", e);
            unreadable.put(space, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void require(String space) {
        try {
            services.destination.require(space);
        } catch (Unavailable e) {
            if (!services.away.test(e) || services.known.settings(space).isEmpty()) {
                throw e;
            }
        }
    }

    @Override
    public Remembered remember(String space, List<NewMemory> memories, Optional<IdempotencyKey> key) {
        NamedBatch batch = NamedBatch.of(space, memories, key, services.ids, services.clock.instant());
        SpaceQueue queue = queues.get(space);
        if (queue != null && !queue.isPassable(settings.drainWait())) {
            return defer(space, batch, null);
        }
        try {
            return answer(
                    space, batch, services.destination.remember(space, batch.memories(), Optional.of(batch.key())));
        } catch (Unavailable e) {
            if (!services.away.test(e)) {
                throw e;
            }
            return defer(space, batch, e);
        }
    }

    /** What the store says, where an id that follows from the client's key and is there already is no surprise. */
    private Remembered answer(String space, NamedBatch batch, Remembered remembered) {
        List<Remembered.Outcome> outcomes = new ArrayList<>(remembered.outcomes());
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Remembered.Duplicate(String id)
                    && batch.items().get(i).idAssigned()) {
                outcomes.set(i, known(space, id));
            }
        }
        return new Remembered(outcomes, remembered.replayed());
    }

    private Remembered.Outcome known(String space, String id) {
        try {
            Memory memory = services.lookup.apply(space, id);
            return new Remembered.Stored(id, memory.tier(), memory.revision(), List.of());
        } catch (NotFound e) {
            // Deleted in between.
            return new Remembered.Duplicate(id);
        }
    }

    /** Keeps a batch, or what of it the space will take. {@code cause} is why, null if others wait before it. */
    private Remembered defer(String space, NamedBatch batch, @Nullable Unavailable cause) {
        Admission admission = admission(space, cause);
        List<Remembered.Outcome> outcomes = new ArrayList<>();
        List<DeferredWrite.Item> good = new ArrayList<>();
        for (DeferredWrite.Item item : batch.items()) {
            try {
                List<Remark> remarks = admission.remarks(item.memory());
                good.add(item);
                outcomes.add(new Remembered.Deferred(item.id(), remarks));
            } catch (InvalidInput e) {
                outcomes.add(new Remembered.Rejected(e));
            }
        }
        if (!good.isEmpty()) {
            keep(
                    space,
                    new DeferredWrite(batch.key(), batch.keyOfClient(), cause != null, services.clock.instant(), good));
        }
        return new Remembered(outcomes, false);
    }

    private Admission admission(String space, @Nullable Unavailable cause) {
        Optional<MemoryStores.Settings> known = services.known.settings(space);
        if (known.isEmpty()) {
            throw cause == null ? new NotFound("space", space) : cause;
        }
        MemoryStores.Settings now = known.get();
        return admissions.compute(
                        space,
                        (_, before) -> before != null && before.isOf(now) ? before : new Known(now, admission(now)))
                .admission;
    }

    private Admission admission(MemoryStores.Settings of) {
        return new Admission(services.defaults.merge(of.document().tree()).schema());
    }

    private void keep(String space, DeferredWrite write) {
        if (closed) {
            throw new Unavailable("the memory is closing", Duration.ofSeconds(5));
        }
        byte[] content = DeferredWriteCodec.encode(write);
        long size = Frames.size(content.length);
        reserve(size);
        SpaceQueue.Accepted accepted;
        try {
            accepted = queue(space).accept(write, content);
        } catch (RuntimeException e) {
            release(1, size);
            throw e;
        }
        if (!accepted.isNew()) {
            release(1, size);
        }
        try {
            accepted.kept().join();
        } catch (CompletionException e) {
            if (accepted.isNew()) {
                release(1, size);
            }
            throw e.getCause() instanceof EngramException known ? known : e;
        }
    }

    private void reserve(long size) {
        int nowWrites = writes.incrementAndGet();
        long nowBytes = bytes.addAndGet(size);
        boolean tooMany = nowWrites > settings.maximumWrites();
        if (tooMany || nowBytes > settings.maximumBytes()) {
            release(1, size);
            throw new Unavailable(
                    "the store is away, and the spool of writes is full: it holds at most "
                            + (tooMany
                                    ? settings.maximumWrites() + " writes (engram.spool.writes)"
                                    : settings.maximumBytes() + " bytes (engram.spool.size)"),
                    FULL_FOR);
        }
    }

    private void release(int count, long size) {
        writes.addAndGet(-count);
        bytes.addAndGet(-size);
    }

    private void delivered(Delivery.Delivered now) {
        release(now.writes(), now.bytes());
        delivered.addAndGet(now.memories());
    }

    private SpaceQueue queue(String space) {
        return queues.computeIfAbsent(space, name -> {
            Path directory = services.directory.resolve(name);
            try {
                SpaceQueue queue = new SpaceQueue(
                        name,
                        directory,
                        settings,
                        services.destination,
                        services.clock,
                        writer,
                        executor,
                        this::delivered);
                unreadable.remove(name);
                writes.addAndGet(queue.size());
                bytes.addAndGet(queue.bytes());
                return queue;
            } catch (IOException e) {
                throw SpoolWriter.failure(directory.toString(), e);
            }
        });
    }

    /** What waits now. */
    public DeferredStatus status() {
        Stream<DeferredStatus.OfSpace> unread = unreadable.entrySet().stream()
                .map(entry -> new DeferredStatus.OfSpace(entry.getKey(), 0, 0, 1, entry.getValue()));
        return new DeferredStatus(
                Stream.concat(unread, queues.values().stream().map(SpaceQueue::status))
                        .filter(space -> space.writes() > 0 || space.refused() > 0 || space.damaged() > 0)
                        .sorted(Comparator.comparing(DeferredStatus.OfSpace::space))
                        .toList(),
                delivered.get());
    }

    /** How many writes wait over all spaces. */
    public int waitingWrites() {
        return writes.get();
    }

    /** How much room those take on disk. */
    public long waitingBytes() {
        return bytes.get();
    }

    /** Whether another write could be kept. */
    public boolean hasRoom() {
        return writes.get() < settings.maximumWrites() && bytes.get() < settings.maximumBytes();
    }

    /** Ends deliveries, and acknowledges what is being written. What waits is delivered by the next process. */
    @Override
    public void close() {
        closed = true;
        queues.values().forEach(SpaceQueue::stop);
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "a delivery did not end within {0}", STOPS_WITHIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.close();
        for (SpaceQueue queue : queues.values()) {
            try {
                queue.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "a spool cannot be closed", e);
            }
        }
    }

    /** What a space takes, by some settings of it. */
    private record Known(MemoryStores.Settings settings, Admission admission) {
        boolean isOf(MemoryStores.Settings now) {
            return settings.revision() == now.revision() && settings.document().equals(now.document());
        }
    }

    /**
     * What deferred writes work with. Nothing of it is closed by them.
     *
     * @param directory where the spool is, a directory for each space
     * @param destination where the writes go
     * @param known the spaces that writes are kept for
     * @param defaults the settings that a space has where it names none itself
     * @param ids a new id for a memory each time
     * @param clock tells the time
     * @param away whether a failure means that the store is away, not that it has too much to do
     * @param lookup a memory of a space by its id
     */
    public record Services(
            Path directory,
            MemoryWrites destination,
            KnownSpaces known,
            SpaceSettings defaults,
            Supplier<String> ids,
            InstantSource clock,
            Predicate<Unavailable> away,
            BiFunction<String, String, Memory> lookup) {
        public Services {
            Objects.requireNonNull(directory, "directory");
        }
    }
}
