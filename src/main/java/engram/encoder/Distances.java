package engram.encoder;

import java.util.Arrays;

/** Euclidean distances and the vectors they are taken of. */
final class Distances {
    private Distances() {}

    static double euclidean(float[] a, float[] b) {
        return Math.sqrt(squared(a, b));
    }

    /** Four sums at a time: the order is fixed, so the result is the same everywhere. */
    static double squared(float[] a, float[] b) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            double d0 = a[i] - b[i];
            double d1 = a[i + 1] - b[i + 1];
            double d2 = a[i + 2] - b[i + 2];
            double d3 = a[i + 3] - b[i + 3];
            first += d0 * d0;
            second += d1 * d1;
            third += d2 * d2;
            fourth += d3 * d3;
        }
        for (; i < a.length; i++) {
            double d = a[i] - b[i];
            first += d * d;
        }
        return first + second + third + fourth;
    }

    /** The full vectors at one resolution. */
    static float[][] at(Resolution resolution, EmbeddingSpace space, float[][] full) {
        return Arrays.stream(full)
                .map(vector -> space.compress(vector, Resolution.FULL, resolution))
                .toArray(float[][]::new);
    }

    /** The full vectors at each resolution, in the order of the resolutions. */
    static float[][][] atEveryResolution(EmbeddingSpace space, float[][] full) {
        return Arrays.stream(Resolution.values())
                .map(resolution -> at(resolution, space, full))
                .toArray(float[][][]::new);
    }
}
