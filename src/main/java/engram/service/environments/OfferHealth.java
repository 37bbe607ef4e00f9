package engram.service.environments;

import engram.environment.EnvironmentHealth;
import java.time.Duration;

/**
 * How an offered environment is, and what has been counted of all its uses since it was first offered.
 *
 * @param connections how many connections its client has
 * @param inUse how many of them a training or an evaluation uses
 * @param uses the states and counts of all uses together
 */
public record OfferHealth(int connections, int inUse, EnvironmentHealth uses) {
    /** What nobody has used yet. */
    static EnvironmentHealth unused(EnvironmentHealth.State state, String lastError) {
        return new EnvironmentHealth(state, lastError, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO);
    }

    /** The counts of two together; the state that is worse, and the last error of the second, if it has one. */
    static EnvironmentHealth sum(EnvironmentHealth one, EnvironmentHealth other) {
        return new EnvironmentHealth(
                one.state().compareTo(other.state()) >= 0 ? one.state() : other.state(),
                other.lastError().isEmpty() ? one.lastError() : other.lastError(),
                one.steps() + other.steps(),
                one.resets() + other.resets(),
                one.timeouts() + other.timeouts(),
                one.crashes() + other.crashes(),
                one.invalid() + other.invalid(),
                one.outside() + other.outside(),
                one.restarts() + other.restarts(),
                one.hung() + other.hung(),
                one.stepTime().plus(other.stepTime()),
                one.longestStep().compareTo(other.longestStep()) >= 0 ? one.longestStep() : other.longestStep());
    }
}
