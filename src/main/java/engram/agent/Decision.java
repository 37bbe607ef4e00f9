package engram.agent;

/**
 * A chosen action.
 *
 * @param action in the flat form of the action space: the index of a discrete action as one number, or the numbers of a
 *     continuous one. Owned by the receiver
 * @param values what the policy thinks of each discrete action: its expected return for Q-learners (including those that
 *     are not allowed), its probability for REINFORCE; empty for continuous actions. Owned by the receiver
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Decision(float[] action, float[] values) {
    /** The index of a discrete action. */
    public int index() {
        return (int) action[0];
    }
}
