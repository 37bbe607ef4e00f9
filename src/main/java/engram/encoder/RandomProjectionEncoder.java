package engram.encoder;

import engram.error.InvalidInput;
import java.util.Arrays;

/**
 * Version 0 of every space: a fixed projection that works before any training. It embeds the difference of the
 * features from those of the empty state, so what a state does not say adds nothing.
 *
 * <p>Distances among the first 32 slots (in the default schema all declared numbers and categories) are the same at
 * every resolution as in the features; so are those within any other aligned block of 32 slots, those within the first
 * 128 at 128 numbers and within the first 384 at 384. Further slots are turned and added to earlier ones so that two
 * slots never disturb each other by more than a quarter ({@link GoldFrames}; up to 1,056 inputs). Over dense vectors
 * the squared distance at r numbers is right on average, with a relative standard deviation of at most √(2/r), that of
 * every random projection (Johnson and Lindenstrauss 1984; Achlioptas 2003).
 *
 * <p>The same inputs, seed and reference give bitwise the same vectors everywhere; stored embeddings depend on it. A
 * vector costs a few microseconds, a reconstruction a few milliseconds at most. Thread-safe.
 */
public final class RandomProjectionEncoder implements Encoder {
    private static final int MAX_INPUTS = 1 << 16;

    private final float[] reference;
    private final FoldingChain chain;
    private final SparseRecovery recovery;
    private volatile boolean closed;

    /**
     * An encoder of version 0.
     *
     * @param inputs the number of features, 1 to 65,536
     * @param seed chooses the signs of the projection; vectors of different seeds cannot be compared
     * @param reference the features of the empty state, each in [0,1]; copied
     * @throws InvalidInput if the reference does not fit
     */
    public RandomProjectionEncoder(int inputs, long seed, float[] reference) {
        if (inputs < 1 || inputs > MAX_INPUTS) {
            throw new InvalidInput("inputs", "must be 1 to " + MAX_INPUTS + ", is " + inputs);
        }
        if (reference.length != inputs) {
            throw new InvalidInput("reference", "must have " + inputs + " numbers, has " + reference.length);
        }
        for (int i = 0; i < inputs; i++) {
            if (!(reference[i] >= 0 && reference[i] <= 1)) {
                throw new InvalidInput("reference[" + i + "]", "must be in [0,1], is " + reference[i]);
            }
        }
        this.reference = reference.clone();
        chain = new FoldingChain(inputs, seed);
        recovery = new SparseRecovery(chain, this.reference);
    }

    @Override
    public int version() {
        return 0;
    }

    @Override
    public int inputs() {
        return reference.length;
    }

    @Override
    public float[][] encode(float[][] features) {
        checkOpen();
        float[][] vectors = new float[features.length][];
        float[] differences = new float[inputs()];
        for (int row = 0; row < features.length; row++) {
            VectorChecks.check(features[row], inputs(), "features", row);
            for (int i = 0; i < differences.length; i++) {
                differences[i] = features[row][i] - reference[i];
            }
            vectors[row] = chain.encode(differences);
        }
        return vectors;
    }

    /**
     * {@inheritDoc}
     *
     * <p>At 384 and 128 numbers states with few differences from the empty state come back nearly as they were; at 32
     * the declared slots of the default schema come back roughly and the rest hardly ({@link SparseRecovery}).
     */
    @Override
    public float[][] reconstruct(float[][] vectors, Resolution resolution) {
        return recover(vectors, resolution, SparseRecovery.ITERATIONS);
    }

    /**
     * {@inheritDoc}
     *
     * <p>After one step, states that say something in slots beyond the first 384 have not come back.
     */
    @Override
    public float[][] reconstructRoughly(float[][] vectors) {
        return recover(vectors, Resolution.FULL, 1);
    }

    private float[][] recover(float[][] vectors, Resolution resolution, int iterations) {
        checkOpen();
        float[][] features = new float[vectors.length][];
        for (int row = 0; row < vectors.length; row++) {
            VectorChecks.check(vectors[row], resolution.dimensions(), "vectors", row);
            features[row] = recovery.recover(vectors[row], resolution, iterations);
        }
        return features;
    }

    @Override
    public float[] compress(float[] vector, Resolution from, Resolution to) {
        checkOpen();
        VectorChecks.checkCompression(vector, from, to);
        return chain.compress(vector, from, to);
    }

    @Override
    public double score(Resolution resolution, double distance) {
        return ScoreScale.ISOMETRIC.score(resolution, distance);
    }

    @Override
    public double distance(Resolution resolution, double score) {
        return ScoreScale.ISOMETRIC.distance(resolution, score);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the encoder is closed");
        }
    }

    @Override
    public String toString() {
        return "RandomProjectionEncoder[" + inputs() + " inputs, reference " + Arrays.hashCode(reference) + "]";
    }
}
