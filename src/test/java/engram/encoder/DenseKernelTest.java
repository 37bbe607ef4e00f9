package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenseKernelTest {
    @Test
    void testsRunWithTheVectorApi() {
        assertThat(DenseKernels.description()).isEqualTo("Vector API");
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,5,2", "7,33,5", "64,31,4", "129,65,9", "512,256,3"})
    void everyKernelGivesTheSameBitsAndTheRightNumbers(int inputs, int outputs, int count) {
        RandomGenerator random = new SplittableRandom(inputs * 1000L + outputs);
        float[] matrix = floats(random, inputs * outputs, 0);
        float[] bias = floats(random, outputs, 0);
        float[][] rows = new float[count][];
        for (int row = 0; row < count; row++) {
            rows[row] = floats(random, inputs, 0.5);
        }
        float[][] loops = new ScalarKernel.Maker().create(matrix, bias).apply(rows);
        float[][] vectors = new VectorKernelMaker().create(matrix, bias).apply(rows);
        assertThat(vectors).isDeepEqualTo(loops);
        for (int row = 0; row < count; row++) {
            for (int output = 0; output < outputs; output++) {
                double sum = bias[output];
                for (int input = 0; input < inputs; input++) {
                    sum += (double) matrix[output * inputs + input] * rows[row][input];
                }
                assertThat((double) loops[row][output]).isCloseTo(sum, within(1e-4));
            }
        }
    }

    @Test
    void twoLayersBecomeOne() {
        RandomGenerator random = new SplittableRandom(9);
        DenseLayer first = new DenseLayer(floats(random, 6 * 9, 0), floats(random, 9, 0));
        DenseLayer second = new DenseLayer(floats(random, 9 * 4, 0), floats(random, 4, 0));
        float[][] rows = {floats(random, 6, 0)};
        float[] joined = first.then(second).kernel().apply(rows)[0];
        float[] apart = second.kernel().apply(first.kernel().apply(rows))[0];
        assertThat(joined).containsExactly(apart, within(1e-5f));
    }

    private static float[] floats(RandomGenerator random, int count, double zeros) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextDouble() < zeros ? 0 : 2 * random.nextFloat() - 1;
        }
        return values;
    }
}
