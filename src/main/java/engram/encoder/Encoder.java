package engram.encoder;

/**
 * Turns the features of a state (see {@code engram.feature}) into an embedding, and an embedding of any resolution back
 * into approximate features. Thread-safe; closing releases native memory and makes every other call fail.
 */
public interface Encoder extends EmbeddingSpace, AutoCloseable {
    /** The version of this encoder within its space: 0 for the random projection, 1 and up for trained ones. */
    int version();

    /** The number of features it takes. */
    int inputs();

    /**
     * Encodes a batch.
     *
     * @param features n rows of {@link #inputs()} numbers in [0,1]; not changed, not kept
     * @return n new rows of 384 numbers, in the same order
     */
    float[][] encode(float[][] features);

    /**
     * Rebuilds features from vectors of one resolution.
     *
     * @param vectors n rows of {@code resolution.dimensions()} numbers; not changed, not kept
     * @return n new rows of {@link #inputs()} numbers in [0,1]
     */
    float[][] reconstruct(float[][] vectors, Resolution resolution);

    /**
     * Rebuilds features for about the price of encoding them: well enough to tell usual states from others, which is asked
     * of every state that is written.
     *
     * @param vectors n rows of 384 numbers; not changed, not kept
     * @return n new rows of {@link #inputs()} numbers in [0,1]
     */
    default float[][] reconstructRoughly(float[][] vectors) {
        return reconstruct(vectors, Resolution.FULL);
    }

    @Override
    void close();
}
