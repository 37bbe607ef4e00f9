package engram.benchmarks.vectors;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Vectors in clusters: normal clouds around {@value #CLUSTERS} centres, each drawn in few dimensions and spread over all of
 * them with a little noise, as sentences or pictures of a few subjects are embedded.
 */
final class ClusteredVectors implements VectorSource {
    private static final int CLUSTERS = 1_000;
    private static final int HIDDEN = 24;
    private static final double WIDTH = 0.25;
    private static final double NOISE = 0.01;

    /** What is common to all vectors of all seeds, so that queries fall into the clusters of the memories. */
    private static final long SHAPE = 99;

    private final float[][] spread = new float[HIDDEN][DIMENSIONS];
    private final double[][] centres = new double[CLUSTERS][HIDDEN];
    private final RandomGenerator random;

    ClusteredVectors(long seed) {
        RandomGenerator shape = generator(SHAPE);
        for (float[] row : spread) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) (shape.nextGaussian() / Math.sqrt(DIMENSIONS));
            }
        }
        for (double[] centre : centres) {
            for (int i = 0; i < centre.length; i++) {
                centre[i] = shape.nextGaussian();
            }
        }
        random = generator(seed);
    }

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Override
    public float[] next() {
        double[] centre = centres[random.nextInt(CLUSTERS)];
        float[] vector = new float[DIMENSIONS];
        for (int hidden = 0; hidden < HIDDEN; hidden++) {
            float at = (float) (centre[hidden] + WIDTH * random.nextGaussian());
            for (int i = 0; i < DIMENSIONS; i++) {
                vector[i] += at * spread[hidden][i];
            }
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] += (float) (NOISE * random.nextGaussian());
        }
        return vector;
    }
}
