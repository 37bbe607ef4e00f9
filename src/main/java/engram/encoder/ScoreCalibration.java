package engram.encoder;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Finds the {@link ScoreScale} of an encoder from states: per resolution the median ratio of the distance of the
 * features to that of the vectors, and the smallest knee with which the three scores of a pair stay together.
 */
public final class ScoreCalibration {
    /** How far the three scores of one pair of states may lie apart. */
    public static final double TOLERANCE = 0.05;

    /** What calibration aims at: less than the tolerance, because other pairs than the sampled ones will be met. */
    private static final double AIM = 0.8 * TOLERANCE;

    private static final double LARGEST_KNEE = 1 << 20;
    private static final int PAIRS = 100_000;

    private ScoreCalibration() {}

    /** A score at a distance, as encoders and scales give it. */
    @FunctionalInterface
    interface Scores {
        double score(Resolution resolution, double distance);
    }

    /** The distances of sampled pairs of different states: of the features, and of the vectors per resolution. */
    static final class Sample {
        private final double[] features;
        private final double[][] vectors;

        private Sample(double[] features, double[][] vectors) {
            this.features = features;
            this.vectors = vectors;
        }

        /** Samples pairs of rows; equal rows are passed over. */
        static Sample of(Encoder encoder, float[][] features, int pairs, SplitMix random) {
            float[][][] vectors = Distances.atEveryResolution(encoder, encoder.encode(features));
            double[] expected = new double[pairs];
            double[][] distances = new double[vectors.length][pairs];
            int found = 0;
            for (int i = 0; i < pairs && features.length > 0; i++) {
                int a = random.nextInt(features.length);
                int b = random.nextInt(features.length);
                expected[found] = Distances.euclidean(features[a], features[b]);
                if (expected[found] > 0) {
                    for (int r = 0; r < vectors.length; r++) {
                        distances[r][found] = Distances.euclidean(vectors[r][a], vectors[r][b]);
                    }
                    found++;
                }
            }
            int size = found;
            return new Sample(
                    Arrays.copyOf(expected, size),
                    Arrays.stream(distances)
                            .map(all -> Arrays.copyOf(all, size))
                            .toArray(double[][]::new));
        }
    }

    /**
     * Calibrates an encoder.
     *
     * @param encoder whose own scores are not looked at
     * @param features rows of states it was not trained on, such as held-out ones; not changed
     * @param seed chooses the pairs
     * @return {@link ScoreScale#ISOMETRIC} when there are no two different states
     */
    public static ScoreScale calibrate(Encoder encoder, float[][] features, long seed) {
        Sample sample = Sample.of(encoder, features, PAIRS, new SplitMix(seed));
        if (sample.features.length == 0) {
            return ScoreScale.ISOMETRIC;
        }
        double[] scales = new double[sample.vectors.length];
        for (int r = 0; r < scales.length; r++) {
            scales[r] = medianRatio(sample.features, sample.vectors[r]);
        }
        ScoreScale scale = new ScoreScale(scales[0], scales[1], scales[2], ScoreScale.KNEE, ScoreScale.SOFTNESS);
        while (largestGap(scale::score, sample) > AIM && scale.knee() < LARGEST_KNEE) {
            scale = new ScoreScale(scales[0], scales[1], scales[2], 2 * scale.knee(), ScoreScale.SOFTNESS);
        }
        return scale;
    }

    /** The largest difference among the three scores of a pair. */
    static double largestGap(Scores scores, Sample sample) {
        Resolution[] resolutions = Resolution.values();
        double largest = 0;
        for (int i = 0; i < sample.features.length; i++) {
            double low = 1;
            double high = 0;
            for (int r = 0; r < resolutions.length; r++) {
                double score = scores.score(resolutions[r], sample.vectors[r][i]);
                low = Math.min(low, score);
                high = Math.max(high, score);
            }
            largest = Math.max(largest, high - low);
        }
        return largest;
    }

    private static double medianRatio(double[] expected, double[] distances) {
        double[] ratios = IntStream.range(0, expected.length)
                .filter(i -> distances[i] > 0)
                .mapToDouble(i -> expected[i] / distances[i])
                .sorted()
                .toArray();
        return ratios.length == 0 ? 1 : ratios[ratios.length / 2];
    }
}
