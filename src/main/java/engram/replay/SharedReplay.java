package engram.replay;

import engram.memory.space.Space;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Replay over the experiences that agents share in a space, fast enough for every update: batches come from a window of
 * experiences held here, which a thread of this object keeps up with the space's change sequence. An update never waits for
 * the store; while the space is away the learner goes on from what is held and {@link #status} says so, and it comes back by
 * itself. Own transitions go the other way, by a bounded queue.
 *
 * <pre>{@code
 * try (SharedReplay shared = new SharedReplay(() -> spaces.open("world"), shape, SharedReplaySettings.of("ada"), clock)) {
 *     shared.start();
 *     shared.remember(step, transition);
 *     if (shared.sample(batch, 16, 1, random)) { ... }
 * }
 * }</pre>
 *
 * <p>Thread-safe. Which experiences are held depends on when the thread saw them, so batches are reproducible only where
 * {@link #refresh} is called by the learner itself, at fixed steps, and never {@link #start}.
 */
public final class SharedReplay implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SharedReplay.class.getName());
    private static final int PRIORITIES_AT_ONCE = 512;
    private static final int BATCHES_AT_ONCE = 20;
    private static final long CLOSES_WITHIN_SECONDS = 5;

    private final Supplier<Space> spaces;
    private final SharedReplaySettings settings;
    private final InstantSource clock;
    private final ExperienceWindow window;
    private final Outgoing outgoing;
    private final SpaceReading reading;
    private final ReentrantLock refreshing = new ReentrantLock();
    private final CountDownLatch ending = new CountDownLatch(1);
    private volatile boolean attached;
    private volatile @Nullable String lastError;
    private volatile @Nullable Instant refreshed;
    private volatile @Nullable Thread thread;

    /**
     * @param spaces the space, opened when it is looked at; what it throws counts as being away
     * @param shape the learner's widths; experiences of others are passed over and counted
     */
    public SharedReplay(
            Supplier<Space> spaces, TransitionShape shape, SharedReplaySettings settings, InstantSource clock) {
        this.spaces = spaces;
        this.settings = settings;
        this.clock = clock;
        this.window = new ExperienceWindow(settings, shape);
        this.outgoing = new Outgoing(settings);
        this.reading = new SpaceReading(settings, window);
    }

    /** The settings. */
    public SharedReplaySettings settings() {
        return settings;
    }

    /** Begins to look at the space from a thread of this object, now and then as often as the settings say. */
    public void start() {
        thread = Thread.ofPlatform()
                .daemon()
                .name("engram-replay-" + settings.agent())
                .start(this::keepUp);
    }

    /**
     * Fills a batch from what is held.
     *
     * @param beta as of {@link Table#sample}
     * @return false, with the batch as it was, if nothing is held
     */
    public boolean sample(Batch batch, int rows, double beta, RandomGenerator random) {
        return window.sample(batch, rows, beta, random);
    }

    /**
     * Fills a batch from what is held, all alike and as it was remembered, without folding.
     *
     * @return false, with the batch as it was, if nothing is held
     */
    public boolean sampleSteps(Batch batch, int rows, RandomGenerator random) {
        return window.sampleSteps(batch, rows, random);
    }

    /**
     * Shows an observation for which similar experiences are to be recalled, where the strategy is similarity. Only the
     * last few that were shown are looked for.
     *
     * @param observation copied
     */
    public void show(float[] observation) {
        if (settings.strategy() == SharedReplaySettings.Strategy.SIMILAR) {
            reading.show(observation);
        }
    }

    /**
     * Tells how much was learned from rows of a batch. It counts here at once and in the space, as
     * {@link SharedPriority} says, as soon as that can be told.
     *
     * @param priorities at least 0
     */
    public void updatePriorities(long[] positions, float[] priorities, int count) {
        if (settings.strategy() == SharedReplaySettings.Strategy.PRIORITIZED) {
            window.updatePriorities(positions, priorities, count);
        }
    }

    /**
     * Takes an own transition to be remembered in the space. Never waits.
     *
     * @param step the agent's step, at least 0
     * @param transition its numbers are copied
     */
    public void remember(long step, Transition transition) {
        outgoing.add(step, transition, clock.instant());
    }

    /** How it stands. */
    public SharedReplayStatus status() {
        return new SharedReplayStatus(
                attached,
                Optional.ofNullable(lastError),
                window.size(),
                Optional.ofNullable(refreshed),
                reading.unusable(),
                outgoing.waiting(),
                outgoing.remembered(),
                outgoing.dropped(),
                outgoing.rejected());
    }

    /**
     * Looks at the space once: takes in what is new, writes what waits and tells priorities. Never throws because of the
     * space; {@link #status} says whether it was there.
     */
    public void refresh() {
        refreshing.lock();
        try {
            Space space = spaces.get();
            // First, because writing can take seconds where much waits, and the learner has nothing from others until
            // then.
            reading.read(space, clock.instant());
            for (int i = 0; i < BATCHES_AT_ONCE && outgoing.write(space); i++) {
                // The next batch, until nothing waits or enough has been written at once.
            }
            tell(space);
            reading.read(space, clock.instant());
            attached = true;
            refreshed = clock.instant();
        } catch (RuntimeException e) {
            if (attached || lastError == null) {
                LOG.log(
                        Level.WARNING,
                        "The shared space is away; learning goes on from what is held: {0}",
                        e.toString());
            }
            attached = false;
            lastError = e.getMessage() == null ? e.toString() : e.getMessage();
        } finally {
            refreshing.unlock();
        }
    }

    /** Ends the thread and writes what waits, if the space takes it within five seconds. */
    @Override
    public void close() {
        // Never by an interrupt, which would close files of the space that others share.
        ending.countDown();
        Thread running = thread;
        if (running != null) {
            try {
                running.join(TimeUnit.SECONDS.toMillis(CLOSES_WITHIN_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void tell(Space space) {
        Map<String, Double> learned = window.takeLearned(PRIORITIES_AT_ONCE);
        if (learned.isEmpty()) {
            return;
        }
        try {
            Map<String, Double> importances = new java.util.LinkedHashMap<>();
            learned.forEach((id, priority) -> importances.put(id, SharedPriority.toImportance(priority)));
            space.many().setImportances(importances);
        } catch (RuntimeException e) {
            window.giveBackLearned(learned);
            throw e;
        }
    }

    private void keepUp() {
        try {
            do {
                refresh();
            } while (!ending.await(settings.every().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "somebody else ends the thread", e);
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSES_WITHIN_SECONDS);
        do {
            refresh();
        } while (attached && outgoing.waiting() > 0 && System.nanoTime() < end);
    }
}
