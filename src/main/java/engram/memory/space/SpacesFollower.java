package engram.memory.space;

import engram.error.EngramException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the spaces of this process in step with other replicas, and opens those that others create: on a thread of its
 * own, every so often, and again as soon as a store that was away is back. Thread-safe.
 */
public final class SpacesFollower implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SpacesFollower.class.getName());
    /** How long a space that could not be opened is left alone. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final long LONGEST_STEP_SECONDS = 10;

    private final Spaces spaces;
    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor executor;
    private final Map<String, Instant> left = new HashMap<>();
    private boolean failing;

    /**
     * Begins to follow.
     *
     * @param every the pause between two looks; positive
     * @param clock tells the time
     */
    public SpacesFollower(Spaces spaces, Duration every, InstantSource clock) {
        this.spaces = spaces;
        this.clock = clock;
        this.executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "engram-follow");
            thread.setDaemon(true);
            return thread;
        });
        var _ = executor.scheduleWithFixedDelay(this::follow, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void follow() {
        try {
            spaces.refresh();
            openNew();
            if (failing) {
                failing = false;
                LOG.log(Level.INFO, "other replicas are followed again");
            }
        } catch (EngramException e) {
            if (!failing) {
                failing = true;
                LOG.log(Level.WARNING, "other replicas cannot be followed for now: {0}", e.getMessage());
            }
        } catch (RuntimeException e) {
            // An exception that left this method would end the following for good.
            LOG.log(Level.ERROR, "other replicas cannot be followed", e);
        }
    }

    private void openNew() {
        Set<String> names = new HashSet<>(spaces.names());
        left.keySet().retainAll(names);
        spaces.opened().forEach(space -> names.remove(space.name()));
        Instant now = clock.instant();
        for (String name : names) {
            if (!left.getOrDefault(name, Instant.EPOCH).isAfter(now)) {
                open(name, now);
            }
        }
    }

    private void open(String name, Instant now) {
        try {
            spaces.open(name);
            left.remove(name);
        } catch (EngramException e) {
            left.put(name, now.plus(PAUSE));
            LOG.log(Level.WARNING, "space ''{0}'' cannot be opened: {1}", name, e.getMessage());
        }
    }

    /** Ends the following and waits a bounded time for the step under way. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(LONGEST_STEP_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "a look at other replicas has not ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
