package engram.encoder;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix, by Householder reduction to three diagonals and the implicit QL
 * algorithm (Bowdler, Martin, Reinsch and Wilkinson, 1968; the routines tred2 and tql2 of EISPACK). Some tenths of a
 * second for 512 × 512.
 */
final class SymmetricEigen {
    private static final int MOST_ITERATIONS = 100;

    private final int n;
    private final double[][] vectors;
    private final double[] diagonal;
    private final double[] beside;

    private SymmetricEigen(double[][] matrix) {
        n = matrix.length;
        vectors = new double[n][];
        for (int i = 0; i < n; i++) {
            vectors[i] = matrix[i].clone();
        }
        diagonal = vectors[n - 1].clone();
        beside = new double[n];
    }

    /**
     * Decomposes a matrix.
     *
     * @param matrix n rows of n numbers, n at least 1; only symmetric ones make sense; not changed
     * @return values in falling order, and for each a row of unit length
     */
    static Result of(double[][] matrix) {
        SymmetricEigen eigen = new SymmetricEigen(matrix);
        eigen.reduce();
        eigen.accumulate();
        eigen.iterate();
        int[] order = IntStream.range(0, eigen.n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -eigen.diagonal[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] values = new double[eigen.n];
        double[][] rows = new double[eigen.n][eigen.n];
        for (int k = 0; k < eigen.n; k++) {
            values[k] = eigen.diagonal[order[k]];
            for (int i = 0; i < eigen.n; i++) {
                rows[k][i] = eigen.vectors[i][order[k]];
            }
        }
        return new Result(values, rows);
    }

    /** To three diagonals. */
    private void reduce() {
        double[] d = diagonal;
        double[] e = beside;
        double[][] v = vectors;
        for (int i = n - 1; i > 0; i--) {
            double scale = 0;
            double h = 0;
            for (int k = 0; k < i; k++) {
                scale += Math.abs(d[k]);
            }
            if (scale == 0) {
                e[i] = d[i - 1];
                for (int j = 0; j < i; j++) {
                    d[j] = v[i - 1][j];
                    v[i][j] = 0;
                    v[j][i] = 0;
                }
            } else {
                for (int k = 0; k < i; k++) {
                    d[k] /= scale;
                    h += d[k] * d[k];
                }
                double f = d[i - 1];
                double g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
                e[i] = scale * g;
                h -= f * g;
                d[i - 1] = f - g;
                reflect(i, h);
            }
            d[i] = h;
        }
    }

    private void reflect(int i, double h) {
        double[] d = diagonal;
        double[] e = beside;
        double[][] v = vectors;
        for (int j = 0; j < i; j++) {
            e[j] = 0;
        }
        for (int j = 0; j < i; j++) {
            double f = d[j];
            v[j][i] = f;
            double g = e[j] + v[j][j] * f;
            for (int k = j + 1; k < i; k++) {
                g += v[k][j] * d[k];
                e[k] += v[k][j] * f;
            }
            e[j] = g;
        }
        double f = 0;
        for (int j = 0; j < i; j++) {
            e[j] /= h;
            f += e[j] * d[j];
        }
        double half = f / (h + h);
        for (int j = 0; j < i; j++) {
            e[j] -= half * d[j];
        }
        for (int j = 0; j < i; j++) {
            double fj = d[j];
            double gj = e[j];
            for (int k = j; k < i; k++) {
                v[k][j] -= fj * e[k] + gj * d[k];
            }
            d[j] = v[i - 1][j];
            v[i][j] = 0;
        }
    }

    /** The reflections become vectors. */
    private void accumulate() {
        double[] d = diagonal;
        double[][] v = vectors;
        for (int i = 0; i < n - 1; i++) {
            v[n - 1][i] = v[i][i];
            v[i][i] = 1;
            double h = d[i + 1];
            if (h != 0) {
                for (int k = 0; k <= i; k++) {
                    d[k] = v[k][i + 1] / h;
                }
                for (int j = 0; j <= i; j++) {
                    double g = 0;
                    for (int k = 0; k <= i; k++) {
                        g += v[k][i + 1] * v[k][j];
                    }
                    for (int k = 0; k <= i; k++) {
                        v[k][j] -= g * d[k];
                    }
                }
            }
            for (int k = 0; k <= i; k++) {
                v[k][i + 1] = 0;
            }
        }
        for (int j = 0; j < n; j++) {
            d[j] = v[n - 1][j];
            v[n - 1][j] = 0;
        }
        v[n - 1][n - 1] = 1;
        beside[0] = 0;
    }

    /** Three diagonals to one. */
    private void iterate() {
        double[] d = diagonal;
        double[] e = beside;
        System.arraycopy(e, 1, e, 0, n - 1);
        e[n - 1] = 0;
        double shift = 0;
        double largest = 0;
        for (int l = 0; l < n; l++) {
            largest = Math.max(largest, Math.abs(d[l]) + Math.abs(e[l]));
            int m = l;
            while (m < n - 1 && Math.abs(e[m]) > Math.ulp(1.0) * largest) {
                m++;
            }
            for (int iteration = 0; m > l && iteration < MOST_ITERATIONS; iteration++) {
                double g = d[l];
                double p = (d[l + 1] - g) / (2 * e[l]);
                double r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
                d[l] = e[l] / (p + r);
                d[l + 1] = e[l] * (p + r);
                double h = g - d[l];
                for (int i = l + 2; i < n; i++) {
                    d[i] -= h;
                }
                shift += h;
                sweep(l, m, d[l + 1], e[l + 1]);
                if (Math.abs(e[l]) <= Math.ulp(1.0) * largest) {
                    break;
                }
            }
            d[l] += shift;
            e[l] = 0;
        }
    }

    private void sweep(int l, int m, double next, double nextBeside) {
        double[] d = diagonal;
        double[] e = beside;
        double p = d[m];
        double c = 1;
        double c2 = 1;
        double c3 = 1;
        double s = 0;
        double s2 = 0;
        for (int i = m - 1; i >= l; i--) {
            c3 = c2;
            c2 = c;
            s2 = s;
            double g = c * e[i];
            double h = c * p;
            double r = Math.hypot(p, e[i]);
            e[i + 1] = s * r;
            s = e[i] / r;
            c = p / r;
            p = c * d[i] - s * g;
            d[i + 1] = h + s * (c * g + s * d[i]);
            for (double[] row : vectors) {
                double old = row[i + 1];
                row[i + 1] = s * row[i] + c * old;
                row[i] = c * row[i] - s * old;
            }
        }
        p = -s * s2 * c3 * nextBeside * e[l] / next;
        e[l] = s * p;
        d[l] = c * p;
    }

    /**
     * @param values in falling order
     * @param vectors a row of unit length for each value
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over within the package, never compared
    record Result(double[] values, double[][] vectors) {}
}
