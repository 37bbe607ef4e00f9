package engram.environment;

import java.time.Duration;

/**
 * How a {@link GuardedEnvironment} is, and what it has counted since it was made.
 *
 * @param state whether it can be used
 * @param lastError what went wrong last; empty if nothing has
 * @param steps steps that gave a valid result
 * @param resets resets that did
 * @param timeouts calls that did not come back in time
 * @param crashes calls that threw
 * @param invalid calls whose result was not valid
 * @param outside observations that were valid but outside the space
 * @param restarts environments that were made after the first one
 * @param hung calls that have not come back to this moment, each holding a thread
 * @param stepTime how long the valid steps took together
 * @param longestStep how long the longest of them took
 */
public record EnvironmentHealth(
        State state,
        String lastError,
        long steps,
        long resets,
        long timeouts,
        long crashes,
        long invalid,
        long outside,
        long restarts,
        int hung,
        Duration stepTime,
        Duration longestStep) {
    /** Whether an environment can be used. */
    public enum State {
        /** The last call went well. */
        HEALTHY,
        /** The last call failed; the next reset makes a new environment. */
        RESTARTING,
        /** Restarts did not help; it is tried again now and then. */
        AWAY
    }
}
