package engram.environment;

import engram.environment.EnvironmentHealth.State;
import java.time.Duration;

/** What a guarded environment counts. Written by the thread that steps it, read by any. */
final class GuardCounters {
    private State state = State.HEALTHY;
    private String lastError = "";
    private long steps;
    private long resets;
    private long timeouts;
    private long crashes;
    private long invalid;
    private long outside;
    private long restarts;
    private long stepNanos;
    private long longestNanos;

    synchronized State state() {
        return state;
    }

    synchronized void state(State next) {
        state = next;
    }

    synchronized void step(long nanos) {
        steps++;
        stepNanos += nanos;
        longestNanos = Math.max(longestNanos, nanos);
    }

    synchronized void reset() {
        resets++;
    }

    synchronized void outside() {
        outside++;
    }

    synchronized void restart() {
        restarts++;
    }

    synchronized void fault(Fault fault) {
        lastError = fault.reason();
        switch (fault.kind()) {
            case TIMEOUT -> timeouts++;
            case CRASH -> crashes++;
            case INVALID -> invalid++;
        }
    }

    synchronized EnvironmentHealth health(int hung) {
        return new EnvironmentHealth(
                state,
                lastError,
                steps,
                resets,
                timeouts,
                crashes,
                invalid,
                outside,
                restarts,
                hung,
                Duration.ofNanos(stepNanos),
                Duration.ofNanos(longestNanos));
    }
}
