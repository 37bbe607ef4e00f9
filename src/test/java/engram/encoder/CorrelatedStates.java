package engram.encoder;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Made-up states whose slots depend on a few hidden causes, as those of a real world do. */
final class CorrelatedStates {
    private static final int CAUSES = 12;

    private CorrelatedStates() {}

    static float[][] features(int rows, int slots, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        double[][] mixture = new double[slots][CAUSES];
        for (double[] row : mixture) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        float[][] features = new float[rows][slots];
        for (float[] row : features) {
            double[] causes = new double[CAUSES];
            Arrays.setAll(causes, i -> random.nextGaussian());
            for (int slot = 0; slot < slots; slot++) {
                double sum = 0.2 * random.nextGaussian();
                for (int cause = 0; cause < CAUSES; cause++) {
                    sum += mixture[slot][cause] * causes[cause] / CAUSES;
                }
                row[slot] = (float) (1 / (1 + Math.exp(-3 * sum)));
            }
        }
        return features;
    }

    static boolean[][] allPresent(int rows, int slots) {
        boolean[][] present = new boolean[rows][slots];
        for (boolean[] row : present) {
            Arrays.fill(row, true);
        }
        return present;
    }
}
