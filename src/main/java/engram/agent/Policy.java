package engram.agent;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses actions: what an agent has learned so far, as plain numbers. Immutable, so any thread may ask it at any time, also
 * while its learner goes on; PyTorch is not needed.
 */
public interface Policy {
    /** How many numbers an observation has. */
    int observationWidth();

    /**
     * What is carried from one moment of an episode to the next, as it is at the start of one: nothing (an empty array)
     * unless the policy is recurrent or its exploration is smooth.
     *
     * @param random for what is drawn once an episode
     */
    default float[] start(RandomGenerator random) {
        return new float[0];
    }

    /**
     * Chooses an action.
     *
     * @param observation {@link #observationWidth} numbers; not changed, not kept
     * @param mask which actions are allowed, one for each, at least one of them; null if all are, and always null where
     *     actions are continuous
     * @param carried from {@link #start}, then from the moment before; changed in place
     * @param exploration 0 for the best action known. For Q-learners the share of actions that are random, in [0,1]; for
     *     the others anything above 0 draws from the policy's distribution
     * @param random the only source of chance; not used without exploration
     */
    Decision decide(
            float[] observation,
            boolean @Nullable [] mask,
            float[] carried,
            double exploration,
            RandomGenerator random);
}
