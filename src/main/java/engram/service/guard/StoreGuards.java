package engram.service.guard;

import engram.error.Retriable;
import engram.error.StorageFull;
import engram.error.Unavailable;
import engram.error.Unreachable;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.Guard;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.FaultToleranceException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Guards calls of a store outside the process. From the outside in: a gate that is shut while the store is away, retry,
 * one circuit breaker for all calls, and for each kind a timeout and a bulkhead.
 *
 * <p>When the breaker opens the gate shuts, and every call fails within microseconds. A thread of its own then asks the
 * store now and then; when it answers, the gate opens. So no client waits for a store that is known to be away.
 *
 * <p>Made while CDI runs. Thread-safe.
 */
public final class StoreGuards implements AutoCloseable {
    /** Bound where nothing is tried again, because the caller has something better to do with a failure. */
    private static final ScopedValue<Boolean> ONCE = ScopedValue.newInstance();

    private static final Logger LOG = Logger.getLogger(StoreGuards.class);

    private final GuardSettings settings;
    private final GuardMeters meters;
    private final Map<Kind, Guard> limits = new EnumMap<>(Kind.class);
    private final Map<Kind, Guard> retries = new EnumMap<>(Kind.class);
    private final Guard breaker;
    private final Runnable probe;
    private final Object monitor = new Object();
    private volatile boolean away;
    private volatile boolean closed;
    private @Nullable Thread prober;

    /**
     * @param settings the values
     * @param probe asks the store for something small
     * @param meters counts
     */
    public StoreGuards(GuardSettings settings, Runnable probe, GuardMeters meters) {
        settings.check();
        this.settings = settings;
        this.meters = meters;
        this.probe = probe;
        limits.put(Kind.READ, limits(Kind.READ, settings.read()));
        limits.put(Kind.WRITE, limits(Kind.WRITE, settings.write()));
        limits.put(Kind.LARGE, limits(Kind.LARGE, settings.large()));
        retries.put(Kind.READ, retry(Kind.READ, settings.read()));
        retries.put(Kind.WRITE, retry(Kind.WRITE, settings.write()));
        retries.put(Kind.LARGE, retry(Kind.LARGE, settings.large()));
        this.breaker = breaker(settings.breaker());
        meters.away(() -> away);
    }

    private static Guard limits(Kind kind, GuardSettings.Kind values) {
        return Guard.create()
                .withDescription("engram store " + kind)
                .withTimeout()
                .duration(values.timeout().toMillis(), ChronoUnit.MILLIS)
                .done()
                .withBulkhead()
                .limit(values.concurrent())
                .queueSize(values.queued())
                .enableSynchronousQueueing()
                .done()
                .build();
    }

    private Guard retry(Kind kind, GuardSettings.Kind values) {
        return Guard.create()
                .withDescription("engram store retry " + kind)
                .withRetry()
                .maxRetries(values.retries())
                .delay(settings.retry().delay().toMillis(), ChronoUnit.MILLIS)
                .jitter(settings.retry().jitter().toMillis(), ChronoUnit.MILLIS)
                // Who has waited as long as a call may take waits no longer.
                .maxDuration(values.timeout().toMillis(), ChronoUnit.MILLIS)
                .whenException(StoreGuards::isWorthRetrying)
                .onRetry(() -> meters.retried(kind))
                .done()
                .build();
    }

    private Guard breaker(GuardSettings.Breaker values) {
        return Guard.create()
                .withDescription("engram store breaker")
                .withCircuitBreaker()
                .requestVolumeThreshold(values.window())
                .failureRatio(values.failureShare())
                .delay(values.probeEvery().toMillis(), ChronoUnit.MILLIS)
                .successThreshold(1)
                .when(Unreachable.class::isInstance)
                .onStateChange(this::changed)
                .done()
                .build();
    }

    /** Whether a failure may be gone by the next attempt, and is none of the guards' own. */
    private static boolean isWorthRetrying(Throwable failure) {
        return failure instanceof Retriable
                && !(failure instanceof StorageFull)
                && !(failure.getCause() instanceof FaultToleranceException);
    }

    /** Does some work during which no call is tried again. */
    public static <T> T once(Supplier<T> work) {
        return ScopedValue.where(ONCE, true).call(work::get);
    }

    /** Whether the store is known to be away, so that it is not asked. */
    public boolean isAway() {
        return away;
    }

    /**
     * Makes a call.
     *
     * @param repeatable whether the call can be made again although it may have been carried out
     * @throws Unreachable if the store does not answer in time, or is known to be away
     * @throws Unavailable if too many calls wait already
     */
    public <T> T call(Kind kind, boolean repeatable, Supplier<T> work) {
        Supplier<T> attempt = () -> attempt(kind, work);
        return repeatable && !ONCE.isBound()
                ? guarded(Objects.requireNonNull(retries.get(kind)), attempt)
                : attempt.get();
    }

    private <T> T attempt(Kind kind, Supplier<T> work) {
        if (away) {
            meters.prevented(kind);
            throw away(null);
        }
        return throughBreaker(kind, work);
    }

    private <T> T throughBreaker(Kind kind, Supplier<T> work) {
        try {
            return guarded(breaker, () -> limited(kind, work));
        } catch (CircuitBreakerOpenException e) {
            meters.prevented(kind);
            throw away(e);
        }
    }

    private <T> T limited(Kind kind, Supplier<T> work) {
        try {
            return guarded(Objects.requireNonNull(limits.get(kind)), work);
        } catch (TimeoutException e) {
            // The wait was ended by an interrupt, which is nobody else's.
            Thread.interrupted();
            meters.timedOut(kind);
            throw new Unreachable(
                    "the store has not answered within " + timeout(kind),
                    settings.breaker().probeEvery(),
                    e);
        } catch (BulkheadException e) {
            meters.rejected(kind);
            throw new Unavailable("the store has too much to do", Duration.ofSeconds(1), e);
        } catch (Unreachable e) {
            meters.failed(kind);
            throw e;
        }
    }

    private Duration timeout(Kind kind) {
        return switch (kind) {
            case READ -> settings.read().timeout();
            case WRITE -> settings.write().timeout();
            case LARGE -> settings.large().timeout();
        };
    }

    private Unreachable away(@Nullable Throwable cause) {
        String message = "the store is away; it is asked again every "
                + settings.breaker().probeEvery();
        Duration retryAfter = settings.breaker().probeEvery();
        return cause == null ? new Unreachable(message, retryAfter) : new Unreachable(message, retryAfter, cause);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // The class only tells results from promises of them.
    private static <T> T guarded(Guard guard, Supplier<T> work) {
        return (T) guard.get((Supplier<Object>) work, Object.class);
    }

    private void changed(CircuitBreakerState state) {
        switch (state) {
            case OPEN -> shut();
            case CLOSED -> open();
            case HALF_OPEN -> LOG.debug("asking whether the store is back");
        }
    }

    private void shut() {
        synchronized (monitor) {
            if (closed) {
                return;
            }
            if (!away) {
                LOG.warn("the store is away: reads are refused at once, writes are deferred");
                meters.opened();
            }
            away = true;
            Thread present = prober;
            if (present == null || !present.isAlive()) {
                prober = Thread.ofPlatform().daemon().name("engram-probe").start(this::probe);
            }
        }
    }

    private void open() {
        synchronized (monitor) {
            if (away) {
                LOG.info("the store is back");
            }
            away = false;
        }
    }

    /** Asks until the store answers, which closes the breaker and opens the gate. */
    private void probe() {
        try {
            while (true) {
                synchronized (monitor) {
                    if (closed || !away) {
                        prober = null;
                        return;
                    }
                }
                Thread.sleep(settings.breaker().probeEvery());
                probeOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void probeOnce() {
        try {
            throughBreaker(Kind.READ, () -> {
                probe.run();
                return true;
            });
        } catch (RuntimeException e) {
            LOG.debugf("the store is still away: %s", e.getMessage());
        }
    }

    /** Ends the asking. */
    @Override
    public void close() {
        synchronized (monitor) {
            closed = true;
            Thread present = prober;
            if (present != null) {
                present.interrupt();
            }
        }
    }

    /** The kinds of calls. */
    public enum Kind {
        /** A recall, or another read. */
        READ,
        /** A write of a few memories. */
        WRITE,
        /** A write of many memories, or work on a whole space. */
        LARGE
    }
}
