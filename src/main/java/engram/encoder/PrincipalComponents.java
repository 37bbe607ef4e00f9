package engram.encoder;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Principal component analysis (Pearson 1901): the linear projection to a number of dimensions that loses the least
 * variance. The yardstick of encoders. Immutable.
 */
final class PrincipalComponents {
    private final float[] mean;
    private final int[] columns;
    private final float[][] components;

    private PrincipalComponents(float[] mean, int[] columns, float[][] components) {
        this.mean = mean;
        this.columns = columns;
        this.components = components;
    }

    /** The components of rows of one length, at least one row; columns that never vary take part in none. */
    static PrincipalComponents of(float[][] rows) {
        float[] mean = mean(rows);
        int[] columns = IntStream.range(0, mean.length)
                .filter(column -> Arrays.stream(rows).anyMatch(row -> row[column] != rows[0][column]))
                .toArray();
        float[][] components = columns.length == 0
                ? new float[0][]
                : Arrays.stream(SymmetricEigen.of(covariance(rows, mean, columns))
                                .vectors())
                        .map(PrincipalComponents::narrowed)
                        .toArray(float[][]::new);
        return new PrincipalComponents(mean, columns, components);
    }

    /** Coordinates along the first components; fewer than {@code width} if there are fewer components. */
    float[] project(float[] row, int width) {
        float[] vector = new float[Math.min(width, components.length)];
        for (int c = 0; c < vector.length; c++) {
            double sum = 0;
            for (int i = 0; i < columns.length; i++) {
                sum += components[c][i] * (row[columns[i]] - mean[columns[i]]);
            }
            vector[c] = (float) sum;
        }
        return vector;
    }

    /** The row of the given coordinates, a new array. */
    float[] reconstruct(float[] vector) {
        float[] row = mean.clone();
        for (int i = 0; i < columns.length; i++) {
            double sum = row[columns[i]];
            for (int c = 0; c < vector.length; c++) {
                sum += components[c][i] * vector[c];
            }
            row[columns[i]] = (float) sum;
        }
        return row;
    }

    private static float[] mean(float[][] rows) {
        double[] sum = new double[rows[0].length];
        for (float[] row : rows) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += row[i];
            }
        }
        return narrowed(Arrays.stream(sum).map(total -> total / rows.length).toArray());
    }

    private static double[][] covariance(float[][] rows, float[] mean, int[] columns) {
        int n = columns.length;
        double[][] covariance = new double[n][n];
        double[] centred = new double[n];
        for (float[] row : rows) {
            for (int i = 0; i < n; i++) {
                centred[i] = row[columns[i]] - mean[columns[i]];
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    covariance[i][j] += centred[i] * centred[j];
                }
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                covariance[i][j] /= Math.max(1, rows.length - 1);
                covariance[j][i] = covariance[i][j];
            }
        }
        return covariance;
    }

    private static float[] narrowed(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }
}
