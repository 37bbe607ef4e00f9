package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AutoencoderStartTest {
    @Test
    void aPrincipalStartKeepsEveryDistanceWhereThereIsRoom() {
        float[][] states = CorrelatedStates.features(300, 100, 3);
        AutoencoderInference inference = inference(states);
        float[][] anywhere = CorrelatedStates.features(40, 100, 3);
        for (int row = 0; row < anywhere.length; row++) {
            for (int i = 0; i < 100; i++) {
                anywhere[row][i] = (anywhere[row][i] + states[200 + row][i]) / 2;
            }
        }
        float[][] full = inference.encode(anywhere);
        for (int i = 1; i < anywhere.length; i++) {
            double wanted = Distances.euclidean(anywhere[0], anywhere[i]);
            float[] a = inference.compress(full[0], Resolution.FULL, Resolution.COMPRESSED);
            float[] b = inference.compress(full[i], Resolution.FULL, Resolution.COMPRESSED);
            assertThat(Distances.euclidean(full[0], full[i])).isCloseTo(wanted, within(1e-3));
            assertThat(Distances.euclidean(a, b)).isCloseTo(wanted, within(1e-3));
            float[] narrowA = inference.compress(full[0], Resolution.FULL, Resolution.ABSTRACT);
            float[] narrowB = inference.compress(full[i], Resolution.FULL, Resolution.ABSTRACT);
            assertThat(Distances.euclidean(narrowA, narrowB)).isLessThan(wanted);
        }
    }

    @Test
    void isLosslessWhereThirtyTwoDimensionsHoldTheStates() {
        assertThat(start(CorrelatedStates.features(100, 32, 3)).lossless()).isTrue();
        assertThat(start(CorrelatedStates.features(100, 33, 3)).lossless()).isFalse();
        float[][] flat = CorrelatedStates.features(100, 60, 3);
        for (float[] row : flat) {
            Arrays.fill(row, 20, 60, 0.5f);
        }
        assertThat(start(flat).lossless()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 40, 130})
    void decomposesSymmetricMatrices(int n) {
        RandomGenerator random = new SplittableRandom(n);
        double[][] matrix = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                // Some rows of zeros and some equal rows, as unused and equal slots give.
                double value = i % 5 == 4 || j % 5 == 4 ? 0 : random.nextGaussian();
                matrix[i][j] = value;
                matrix[j][i] = value;
            }
        }
        SymmetricEigen.Result result = SymmetricEigen.of(matrix);
        for (int k = 0; k < n; k++) {
            double[] vector = result.vectors()[k];
            assertThat(k == 0 || result.values()[k] <= result.values()[k - 1]).isTrue();
            for (int i = 0; i < n; i++) {
                assertThat(dot(matrix[i], vector)).isCloseTo(result.values()[k] * vector[i], within(1e-9 * n));
            }
            for (int other = 0; other < n; other++) {
                assertThat(dot(vector, result.vectors()[other])).isCloseTo(other == k ? 1 : 0, within(1e-10 * n));
            }
        }
    }

    private static AutoencoderInference inference(float[][] states) {
        return new AutoencoderInference(AutoencoderTrainer.weights(start(states).values()));
    }

    private static AutoencoderStart start(float[][] states) {
        int width = states[0].length;
        return AutoencoderStart.principal(
                width, states, IntStream.range(0, width).toArray(), new SplittableRandom(1));
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
