package engram.replay;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an agent saw, did and got. The arrays are not copied here: they belong to the caller, and a table copies what it
 * keeps. Equality is by identity of the arrays.
 *
 * @param observation before the action
 * @param action in its flat form: the index of a discrete action as one number, or the numbers of a box
 * @param reward folded over {@code steps} steps
 * @param nextObservation after the last of these steps; at an end the final observation of the episode, never the first of
 *     the next one
 * @param terminated whether the episode ended in the task's own sense; only this stops bootstrapping
 * @param truncated whether the episode was cut from outside, such as by a limit of time
 * @param steps over how many steps the reward was folded, at least 1: the value of the next observation is discounted by
 *     gamma to this power
 * @param nextActionMask which actions are possible after {@code nextObservation}, null where all are
 */
@SuppressWarnings("ArrayRecordComponent") // documented: identity, no copies on the way into a table
public record Transition(
        float[] observation,
        float[] action,
        float reward,
        float[] nextObservation,
        boolean terminated,
        boolean truncated,
        int steps,
        boolean @Nullable [] nextActionMask) {
    public Transition {
        Objects.requireNonNull(observation, "observation");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(nextObservation, "nextObservation");
    }

    /** A transition of one step without a mask. */
    public static Transition of(
            float[] observation,
            float[] action,
            float reward,
            float[] nextObservation,
            boolean terminated,
            boolean truncated) {
        return new Transition(observation, action, reward, nextObservation, terminated, truncated, 1, null);
    }
}
