package engram.agent;

import engram.replay.Batch;
import java.util.random.RandomGenerator;

/** Where an agent gets transitions that others lived through. Never waits and never throws because memory is away. */
public interface MemoryBatches extends AutoCloseable {
    /**
     * Fills a batch with transitions from shared memory.
     *
     * @param batch its size afterwards is how many there were, 0 where memory is empty or away
     * @param own the agent's own transitions of the same update, for retrieval by similarity
     * @param random the only source of chance
     * @return whether there were any; where not, the batch is left alone
     */
    boolean draw(Batch batch, Batch own, RandomGenerator random);

    /**
     * Tells how much the rows of the last batch surprised the learner.
     *
     * @param batch as drawn
     * @param errors the size of the error of every row
     */
    default void learned(Batch batch, float[] errors) {}

    /**
     * Tells what the agent lived through, so that others can learn from it.
     *
     * @param step the agent's step
     * @param experience its arrays are copied
     */
    default void lived(long step, Experience experience) {}

    /** Whether the memory does not answer, so that the agent goes on from what it has. */
    default boolean isAway() {
        return false;
    }

    @Override
    default void close() {}
}
