package engram.benchmarks.vectors;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Vectors without any structure, each number drawn for itself: nothing real is so hard to search. */
final class UniformVectors implements VectorSource {
    private final RandomGenerator random;

    UniformVectors(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Override
    public float[] next() {
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = random.nextFloat();
        }
        return vector;
    }
}
