package engram.agent;

import org.jspecify.annotations.Nullable;

/**
 * One step of one episode.
 *
 * @param observation before the action
 * @param action in the flat form of the action space
 * @param reward of this step
 * @param next the observation after it
 * @param terminated whether nothing can be earned any more
 * @param truncated whether the episode was cut here, though more could have been earned
 * @param nextActionMask which discrete actions are possible next; null for all
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Experience(
        float[] observation,
        float[] action,
        double reward,
        float[] next,
        boolean terminated,
        boolean truncated,
        boolean @Nullable [] nextActionMask) {
    /** Whether the episode ended with it. */
    public boolean last() {
        return terminated || truncated;
    }
}
