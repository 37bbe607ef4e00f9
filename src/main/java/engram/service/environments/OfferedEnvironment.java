package engram.service.environments;

import engram.environment.Action;
import engram.environment.ActionSpace;
import engram.environment.Environment;
import engram.environment.EnvironmentHealth.State;
import engram.environment.GuardSettings;
import engram.environment.GuardedEnvironment;
import engram.environment.ObservationSpace;
import engram.environment.Reset;
import engram.environment.ResetOptions;
import engram.environment.Step;
import engram.environment.Ticks;
import engram.error.Conflict;
import engram.error.Unavailable;
import engram.run.Progress;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An environment that a client offers, as a run uses it: it takes a connection of the client when the first episode
 * begins and another one whenever the environment fails, and while there is none it waits, up to a limit. A step that
 * failed says so ({@link engram.environment.Info#faulty}).
 */
final class OfferedEnvironment implements Environment {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Offer offer;
    private final GuardSettings settings;
    private final Duration patience;
    private final Progress progress;
    private final RandomGenerator random;
    private final Ticks ticks;
    private @Nullable GuardedEnvironment guard;
    private volatile @Nullable OfferedConnection connection;
    /** Since when no step has gone well; 0 while all is well. */
    private long troubled;

    private boolean closed;

    /**
     * @param progress of the run that uses it: told while it waits, and asked whether to go on
     * @param patience how long it waits
     */
    OfferedEnvironment(
            Offer offer,
            GuardSettings settings,
            Duration patience,
            Progress progress,
            RandomGenerator random,
            Ticks ticks) {
        this.offer = offer;
        this.settings = settings;
        this.patience = patience;
        this.progress = progress;
        this.random = random;
        this.ticks = ticks;
        offer.began();
    }

    @Override
    public ObservationSpace observations() {
        return offer.spec().observations();
    }

    @Override
    public ActionSpace actions() {
        return offer.spec().actions();
    }

    @Override
    public Reset reset(ResetOptions options) {
        while (true) {
            progress.checkCancelled();
            String why;
            try {
                if (isConnected() || offer.awaitIdle(LOOK_EVERY)) {
                    return guard().reset(options);
                }
                why = offer.why();
            } catch (Unavailable away) {
                why = String.valueOf(away.getMessage());
                sleep(away.retryAfter());
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            requirePatience(why);
            progress.report(Double.NaN, "waiting for the environment: " + why, Map.of());
        }
    }

    private boolean isConnected() {
        OfferedConnection now = connection;
        GuardedEnvironment guarded = guard;
        return now != null
                && !now.isGone()
                && guarded != null
                && guarded.health().state() == State.HEALTHY;
    }

    private GuardedEnvironment guard() {
        if (closed) {
            throw new Conflict("environment", "is closed");
        }
        GuardedEnvironment now = guard;
        if (now == null) {
            now = new GuardedEnvironment(this::taken, settings, random, ticks);
            guard = now;
            offer.guarded(now);
        }
        return now;
    }

    private Environment taken() {
        OfferedConnection taken = offer.take();
        connection = taken;
        return taken.environment();
    }

    private void requirePatience(String why) {
        long now = ticks.nanoTime();
        if (troubled == 0) {
            troubled = now == 0 ? 1 : now;
        } else if (now - troubled > patience.toNanos()) {
            throw new Unavailable(
                    "the environment '" + offer.spec().name() + "' has not worked for " + patience.toSeconds()
                            + " s (engram.environments.patience): " + why
                            + ". Offer it again, and take the training up with {\"resume\":true}",
                    settings.probeEvery());
        }
    }

    private void sleep(Duration asked) {
        try {
            ticks.sleep(asked.compareTo(LOOK_EVERY) < 0 ? asked : LOOK_EVERY);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private Unavailable interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Unavailable("interrupted while waiting for the environment", settings.probeEvery(), e);
    }

    @Override
    public Step step(Action action) {
        progress.checkCancelled();
        Step step = guard().step(action);
        if (step.info().faulty()) {
            requirePatience(String.valueOf(step.info().values()));
        } else {
            troubled = 0;
        }
        return step;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            GuardedEnvironment now = guard;
            if (now != null) {
                now.close();
            }
            offer.ended(now);
        }
    }
}
