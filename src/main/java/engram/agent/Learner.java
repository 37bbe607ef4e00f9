package engram.agent;

import engram.replay.Batch;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Improves a policy from batches of transitions. It knows no environment and no store; it learns on PyTorch and belongs to
 * one platform thread, its {@link #policy} to all. The same seed, batches and calls give the same numbers bit for bit on
 * the CPU.
 */
public sealed interface Learner extends AutoCloseable permits DqnLearner, SacLearner, NormalizedLearner {
    /** What it has learned so far; the same object until it learns again. */
    Policy policy();

    /** γ, in [0,1]. */
    double discount();

    /**
     * Takes one step of gradient descent on the mean loss over all rows of both batches.
     *
     * @param local from the learner's own replay table
     * @param memory from shared memory, of the same widths; null for none
     * @param done the share of the training that is done, in [0,1], for schedules
     */
    LearningStep learn(Batch local, @Nullable Batch memory, double done);

    /** Tells what the agent saw, step by step. */
    default void seen(float[] observation) {}

    /** How observations are brought to its network; empty where it sees them as they are. */
    default Optional<NormalizerReport> normalizer() {
        return Optional.empty();
    }

    /** Moves the target networks towards the learning ones, as far as the settings say. */
    void renewTarget();

    /** A copy of all that is needed to go on later. */
    LearnerState state();

    /**
     * Goes on from an earlier state.
     *
     * @throws engram.error.InvalidInput if it belongs to a learner of another kind or shape
     */
    void restore(LearnerState state);

    /** Frees the native memory. Policies handed out stay usable. */
    @Override
    void close();
}
