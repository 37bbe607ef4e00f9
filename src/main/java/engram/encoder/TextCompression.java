package engram.encoder;

/**
 * The linear maps 384 → 128 → 32 of text embeddings: orthonormal rows out of a seeded random matrix, stretched so that
 * distances stay the same on average. Immutable.
 */
final class TextCompression {
    private final float[][] toCompressed;
    private final float[][] toAbstract;

    private TextCompression(float[][] toCompressed, float[][] toAbstract) {
        this.toCompressed = toCompressed;
        this.toAbstract = toAbstract;
    }

    /** The same maps for the same seed, bit for bit and everywhere. */
    static TextCompression random(long seed) {
        SplitMix random = new SplitMix(seed);
        return new TextCompression(
                rows(Resolution.COMPRESSED.dimensions(), Resolution.FULL.dimensions(), random),
                rows(Resolution.ABSTRACT.dimensions(), Resolution.COMPRESSED.dimensions(), random));
    }

    /** As {@link EmbeddingSpace#compress}. */
    float[] compress(float[] vector, Resolution from, Resolution to) {
        VectorChecks.checkCompression(vector, from, to);
        float[] result = vector.clone();
        if (from == Resolution.FULL && to != Resolution.FULL) {
            result = apply(toCompressed, result);
        }
        if (from != Resolution.ABSTRACT && to == Resolution.ABSTRACT) {
            result = apply(toAbstract, result);
        }
        return result;
    }

    private static float[] apply(float[][] rows, float[] vector) {
        float[] product = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            double sum = 0;
            for (int j = 0; j < vector.length; j++) {
                sum += rows[i][j] * (double) vector[j];
            }
            product[i] = (float) sum;
        }
        return product;
    }

    /** Perpendicular rows (Gram and Schmidt, twice for accuracy), each of the length √(columns / count). */
    private static float[][] rows(int count, int columns, SplitMix random) {
        double[][] rows = new double[count][columns];
        double length = Math.sqrt(columns / (double) count);
        float[][] stretched = new float[count][columns];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < columns; j++) {
                rows[i][j] = random.nextGaussian();
            }
            for (int pass = 0; pass < 2; pass++) {
                for (int k = 0; k < i; k++) {
                    add(rows[i], rows[k], -dot(rows[i], rows[k]));
                }
            }
            double norm = Math.sqrt(dot(rows[i], rows[i]));
            for (int j = 0; j < columns; j++) {
                rows[i][j] /= norm;
                stretched[i][j] = (float) (rows[i][j] * length);
            }
        }
        return stretched;
    }

    private static void add(double[] row, double[] other, double factor) {
        for (int j = 0; j < row.length; j++) {
            row[j] += factor * other[j];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }
}
