package engram.memory.deferred;

import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.StorageFull;
import engram.memory.space.MemoryWrites;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The writes of one space on their way: accepted in order, kept on disk, delivered in order. Thread-safe. */
final class SpaceQueue implements AutoCloseable {
    /** After how many steps the thread is left to another space. */
    private static final int TURN = 32;

    private static final double JITTER = 0.2;
    private static final System.Logger LOG = System.getLogger(SpaceQueue.class.getName());

    private final String space;
    private final SpaceSpool spool;
    private final DeadLetters letters;
    private final Delivery delivery;
    private final SpoolWriter writer;
    private final ScheduledExecutorService executor;
    private final Duration retryEvery;
    private final Consumer<Delivery.Delivered> delivered;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Map<String, Keyed> keys = new HashMap<>();
    private int pending;
    private volatile @Nullable RuntimeException obstacle;
    private volatile boolean closed;

    SpaceQueue(
            String space,
            Path directory,
            DeferredSettings settings,
            MemoryWrites destination,
            InstantSource clock,
            SpoolWriter writer,
            ScheduledExecutorService executor,
            Consumer<Delivery.Delivered> delivered)
            throws IOException {
        this.space = space;
        this.writer = writer;
        this.executor = executor;
        this.retryEvery = settings.retryEvery();
        this.delivered = delivered;
        this.spool = new SpaceSpool(directory, settings.segmentBytes(), this::recover);
        this.letters = new DeadLetters(directory);
        this.delivery = new Delivery(space, spool, letters, destination, clock, this::delivered);
        this.pending = spool.size();
    }

    private void recover(byte[] content) {
        try {
            DeferredWrite write = DeferredWriteCodec.decode(content);
            if (write.keyOfClient()) {
                keys.put(
                        write.key().value(),
                        new Keyed(write.key().fingerprint(), CompletableFuture.completedFuture(null)));
            }
        } catch (Damaged e) {
            LOG.log(Level.DEBUG, "a write that cannot be understood will be set aside", e);
        }
    }

    synchronized int size() {
        return pending;
    }

    long bytes() {
        return spool.bytes();
    }

    /**
     * Whether a new write need not queue, because none is before it; waits a little for those that are just being
     * delivered.
     */
    synchronized boolean isPassable(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (pending > 0 && obstacle == null) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return pending == 0;
    }

    /**
     * Accepts a write behind the others.
     *
     * @param content the write, encoded
     * @return completed when it is on disk
     * @throws Conflict if its key waits with another request
     * @throws StorageFull if the store has no room for those before it
     */
    synchronized Accepted accept(DeferredWrite write, byte[] content) {
        if (obstacle instanceof StorageFull full) {
            throw new StorageFull("the store of space '" + space + "' is full, and older writes wait for room", full);
        }
        String key = write.key().value();
        if (write.keyOfClient()) {
            Keyed before = keys.get(key);
            if (before != null) {
                if (!before.fingerprint.equals(write.key().fingerprint())) {
                    throw new Conflict("Idempotency-Key", "this key was used with another request");
                }
                return new Accepted(before.kept, false);
            }
        }
        pending++;
        CompletableFuture<Void> kept = writer.write(spool, content).whenComplete((_, failure) -> {
            if (failure == null) {
                wake();
            } else {
                forget(write);
            }
        });
        if (write.keyOfClient() && !kept.isCompletedExceptionally()) {
            keys.put(key, new Keyed(write.key().fingerprint(), kept));
        }
        return new Accepted(kept, true);
    }

    private synchronized void forget(DeferredWrite write) {
        pending--;
        if (write.keyOfClient()) {
            keys.remove(write.key().value());
        }
        notifyAll();
    }

    private void delivered(Delivery.Delivered now) {
        synchronized (this) {
            pending -= now.writes();
            now.keys().forEach(keys::remove);
            notifyAll();
        }
        delivered.accept(now);
    }

    /** Begins to deliver, if anything waits and that is not under way. */
    void wake() {
        if (spool.size() > 0 && scheduled.compareAndSet(false, true)) {
            schedule(Duration.ZERO);
        }
    }

    private void schedule(Duration delay) {
        if (!closed) {
            ScheduledFuture<?> _ = executor.schedule(this::run, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void run() {
        try {
            for (int i = 0; i < TURN && !closed; i++) {
                boolean more = delivery.step();
                clear();
                if (!more) {
                    scheduled.set(false);
                    wake();
                    return;
                }
            }
            schedule(Duration.ZERO);
        } catch (RuntimeException e) {
            hinder(e);
            double jitter =
                    1 - JITTER + 2 * JITTER * ThreadLocalRandom.current().nextDouble();
            schedule(Duration.ofNanos((long) (retryEvery.toNanos() * jitter)));
        }
    }

    private void clear() {
        if (obstacle != null) {
            LOG.log(Level.INFO, "deferred writes into space {0} are being delivered", space);
            obstacle = null;
        }
    }

    private void hinder(RuntimeException failure) {
        if (obstacle == null) {
            LOG.log(
                    Level.WARNING,
                    "writes into space {0} are deferred: {1}",
                    space,
                    String.valueOf(failure.getMessage()));
        }
        synchronized (this) {
            obstacle = failure;
            // Nobody waits for a delivery that does not happen.
            notifyAll();
        }
    }

    DeferredStatus.OfSpace status() {
        RuntimeException present = obstacle;
        return new DeferredStatus.OfSpace(
                space,
                size(),
                letters.count(),
                SpoolRecovery.damagedPieces(spool.directory()),
                present == null ? "" : String.valueOf(present.getMessage()));
    }

    /** Ends deliveries; to be called once the executor and the writer have ended. */
    @Override
    public void close() throws IOException {
        closed = true;
        spool.close();
    }

    void stop() {
        closed = true;
    }

    /**
     * A write that was accepted.
     *
     * @param kept completed when it is on disk
     * @param isNew false if the same request waits already
     */
    record Accepted(CompletableFuture<Void> kept, boolean isNew) {}

    private record Keyed(String fingerprint, CompletableFuture<Void> kept) {}
}
