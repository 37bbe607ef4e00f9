package engram.environment;

import java.util.Objects;

/**
 * What followed an action.
 *
 * @param observation what is seen now; as many numbers as the observation space has. It belongs to the receiver
 * @param reward what the action earned
 * @param terminated whether the task ended here: nothing can be earned after this observation
 * @param truncated whether the episode was cut off here, by a time limit or a fault: more could have been earned. Both can
 *     be true in the same step
 * @param info what else the environment has to say
 */
@SuppressWarnings("ArrayRecordComponent")
public record Step(float[] observation, double reward, boolean terminated, boolean truncated, Info info) {
    public Step {
        Objects.requireNonNull(observation, "observation");
        Objects.requireNonNull(info, "info");
    }

    /** Whether the episode is over, for either reason. */
    public boolean finished() {
        return terminated || truncated;
    }
}
