package engram.environment;

import engram.environment.EnvironmentHealth.State;
import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An environment that may fail (someone else's code, another machine), made safe to learn in. Each call runs on a thread of
 * the environment's own and is given up after a timeout; what comes back is checked.
 *
 * <p>A fault (a timeout, an exception or error, a result that is not valid) ends the episode: the step answers the last
 * observation once more, with reward 0, {@code truncated}, and why under {@link Info#FAULT}; nothing should be learned from
 * it. The environment is given up, and the next {@link #reset(ResetOptions)} makes a new one, after a pause that grows with
 * every fault in a row. When restarts do not help it is <em>away</em>: calls throw {@link Unavailable} until it is time to
 * try again.
 *
 * <p>One thread at a time may reset and step; {@link #health()} may be read by any.
 */
public final class GuardedEnvironment implements Environment {
    /** How long one that was just given up may take to close before it counts as hung. */
    private static final Duration CLOSING = Duration.ofMillis(200);

    private final Supplier<? extends Environment> supplier;
    private final GuardSettings settings;
    private final RandomGenerator random;
    private final Ticks ticks;
    private final GuardCounters counters = new GuardCounters();
    private final ObservationSpace observations;
    private final ActionSpace actions;
    /** When the faults within the window happened. */
    private final Deque<Long> faults = new ArrayDeque<>();

    private final List<EnvironmentThread> abandoned = new CopyOnWriteArrayList<>();
    private @Nullable Running running;
    private float[] last = {};
    private boolean underWay;
    private boolean closed;
    private int inARow;
    /** When the next environment may be made. */
    private long notBefore;

    /**
     * Makes the first environment.
     *
     * @param supplier makes an environment, every time with the same spaces; called on the environment's own thread
     * @param random for the jitter of pauses, and for seeding an environment that takes the place of another
     * @throws Unavailable if it cannot be made
     */
    public GuardedEnvironment(
            Supplier<? extends Environment> supplier, GuardSettings settings, RandomGenerator random, Ticks ticks) {
        this.supplier = Objects.requireNonNull(supplier, "supplier");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.random = Objects.requireNonNull(random, "random");
        this.ticks = Objects.requireNonNull(ticks, "ticks");
        EnvironmentThread thread = new EnvironmentThread();
        try {
            Running first = start(thread);
            observations = first.observations();
            actions = first.actions();
            running = first;
        } catch (Fault fault) {
            throw new Unavailable(fault.reason(), settings.probeEvery(), fault);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public ObservationSpace observations() {
        return observations;
    }

    @Override
    public ActionSpace actions() {
        return actions;
    }

    /** How it is and what it has counted, now. */
    public EnvironmentHealth health() {
        return counters.health(hung());
    }

    /**
     * Begins an episode, making a new environment first if the last one failed. Takes at most as long as all restarts that
     * are allowed, with their timeouts and pauses.
     */
    @Override
    public Reset reset(ResetOptions options) {
        requireOpen();
        underWay = false;
        if (counters.state() == State.AWAY && untilNotBefore().isPositive()) {
            throw away(untilNotBefore());
        }
        while (true) {
            try {
                return tryReset(options);
            } catch (Fault fault) {
                failed(fault);
                if (counters.state() == State.AWAY) {
                    throw away(settings.probeEvery());
                }
            } catch (InterruptedException e) {
                giveUp();
                throw interrupted(e);
            }
        }
    }

    private Reset tryReset(ResetOptions options) throws Fault, InterruptedException {
        Running current = running;
        ResetOptions chosen = options;
        if (current == null) {
            current = restart();
            if (options.seed() == null) {
                // A generator of the environment's own would begin somewhere else in every run.
                chosen = new ResetOptions(random.nextLong() >>> 1, options.state());
            }
        }
        Environment environment = current.environment();
        ResetOptions used = chosen;
        Reset reset = current.thread().call("reset", () -> environment.reset(used), settings.resetTimeout());
        Results.check(reset, observations, actions);
        seen(reset.observation());
        counters.reset();
        if (counters.state() == State.AWAY) {
            faults.clear();
        }
        counters.state(State.HEALTHY);
        inARow = 0;
        underWay = true;
        return reset;
    }

    @Override
    public Step step(Action action) {
        requireOpen();
        if (counters.state() == State.AWAY) {
            Duration wait = untilNotBefore();
            throw away(wait.isPositive() ? wait : Duration.ofMillis(1));
        }
        actions.check(action);
        Running current = running;
        if (!underWay || current == null) {
            throw new Conflict("action", "no episode is under way; reset first");
        }
        try {
            long started = ticks.nanoTime();
            Step step =
                    current.thread().call("step", () -> current.environment().step(action), settings.stepTimeout());
            Results.check(step, observations, actions);
            counters.step(ticks.nanoTime() - started);
            seen(step.observation());
            underWay = !step.finished();
            return step;
        } catch (Fault fault) {
            failed(fault);
            return new Step(last.clone(), 0, false, true, Info.fault(fault.reason()));
        } catch (InterruptedException e) {
            giveUp();
            throw interrupted(e);
        }
    }

    /** Gives the environment up, whatever it is doing. Does not wait for it. */
    @Override
    public void close() {
        closed = true;
        giveUp();
    }

    private Running restart() throws Fault, InterruptedException {
        Duration pause = untilNotBefore();
        if (pause.isPositive()) {
            ticks.sleep(pause);
        }
        if (hung() >= settings.hung()) {
            abandoned.getFirst().await(CLOSING);
        }
        if (hung() >= settings.hung()) {
            throw new Fault(
                    Fault.Kind.TIMEOUT, hung() + " earlier calls have not come back; no further thread is spent");
        }
        counters.restart();
        Running next = start(new EnvironmentThread());
        running = next;
        if (!next.observations().equals(observations) || !next.actions().equals(actions)) {
            throw new Fault(Fault.Kind.INVALID, "the new environment has other spaces than the first");
        }
        return next;
    }

    private Running start(EnvironmentThread thread) throws Fault, InterruptedException {
        AtomicReference<@Nullable Environment> made = new AtomicReference<>();
        boolean started = false;
        try {
            Running next = thread.call(
                    "start",
                    () -> {
                        Environment environment = supplier.get();
                        made.set(environment);
                        return new Running(environment, thread, environment.observations(), environment.actions());
                    },
                    settings.startTimeout());
            started = true;
            return next;
        } catch (InvalidInput mistake) {
            throw new Fault(Fault.Kind.CRASH, "start failed: " + mistake.getMessage(), mistake);
        } finally {
            if (!started) {
                thread.abandon(made::get);
                abandoned.add(thread);
            }
        }
    }

    private void seen(float[] observation) {
        last = observation.clone();
        if (!observations.contains(observation)) {
            counters.outside();
        }
    }

    private void failed(Fault fault) {
        counters.fault(fault);
        giveUp();
        long now = ticks.nanoTime();
        faults.addLast(now);
        while (now - faults.getFirst() > settings.window().toNanos()) {
            faults.removeFirst();
        }
        boolean tried = counters.state() == State.AWAY;
        boolean stuck = fault.kind() == Fault.Kind.TIMEOUT && hung() >= settings.hung();
        if (tried || stuck || faults.size() > settings.restarts()) {
            counters.state(State.AWAY);
            notBefore = now + settings.probeEvery().toNanos();
        } else {
            counters.state(State.RESTARTING);
            notBefore = now + backoff();
        }
    }

    private long backoff() {
        long most = settings.longestBackoff().toNanos();
        long full = settings.firstBackoff().toNanos();
        for (int i = 0; i < inARow && full < most; i++) {
            full *= 2;
        }
        inARow++;
        return (long) (Math.min(full, most) * (0.5 + random.nextDouble() / 2));
    }

    private void giveUp() {
        underWay = false;
        Running current = running;
        if (current == null) {
            return;
        }
        running = null;
        current.thread().abandon(current::environment);
        abandoned.add(current.thread());
    }

    private int hung() {
        abandoned.removeIf(thread -> !thread.isAlive());
        return abandoned.size();
    }

    private Duration untilNotBefore() {
        return Duration.ofNanos(notBefore - ticks.nanoTime());
    }

    private void requireOpen() {
        if (closed) {
            throw new Conflict("environment", "is closed");
        }
    }

    private Unavailable away(Duration wait) {
        return new Unavailable("the environment is away: " + health().lastError(), wait);
    }

    private Unavailable interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Unavailable("interrupted while waiting for the environment", settings.probeEvery(), e);
    }

    private record Running(
            Environment environment, EnvironmentThread thread, ObservationSpace observations, ActionSpace actions) {}
}
