package engram.environment;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What is known of an environment before it is made.
 *
 * @param name its name, such as {@code CartPole-v1}
 * @param observations what its observations look like
 * @param actions which actions it allows
 * @param timeLimit after how many steps an episode is truncated
 * @param rewardThreshold the mean return of an episode from which on the task counts as solved; empty if nobody set one
 */
public record EnvironmentSpec(
        String name,
        ObservationSpace observations,
        ActionSpace actions,
        int timeLimit,
        OptionalDouble rewardThreshold) {
    public EnvironmentSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(observations, "observations");
        Objects.requireNonNull(actions, "actions");
        Objects.requireNonNull(rewardThreshold, "rewardThreshold");
    }
}
