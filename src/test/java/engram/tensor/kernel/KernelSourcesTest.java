package engram.tensor.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The loops of search and encoders in C against the same in Java, called from the JVM. The tests of the binary use them as
 * they are linked.
 */
class KernelSourcesTest {
    private final Random random = new Random(7);

    @TempDir
    Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 32, 128, 384, 387})
    void measuresDistances(int dimension) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle distances = function(
                    arena,
                    "engram_square_distances",
                    ADDRESS,
                    ADDRESS,
                    JAVA_LONG,
                    ADDRESS,
                    JAVA_INT,
                    JAVA_INT,
                    ADDRESS);
            float[] query = numbers(dimension);
            float[] vectors = numbers(20 * dimension);
            int[] ordinals = {3, 19, 0, 7, 7, 11, 2};
            MemorySegment found = arena.allocate(JAVA_FLOAT, ordinals.length);
            distances.invoke(
                    arena.allocateFrom(JAVA_FLOAT, query),
                    arena.allocateFrom(JAVA_FLOAT, vectors),
                    (long) dimension * Float.BYTES,
                    arena.allocateFrom(JAVA_INT, ordinals),
                    ordinals.length,
                    dimension,
                    found);
            for (int i = 0; i < ordinals.length; i++) {
                double expected = 0;
                for (int j = 0; j < dimension; j++) {
                    double difference = (double) query[j] - vectors[ordinals[i] * dimension + j];
                    expected += difference * difference;
                }
                assertThat((double) found.getAtIndex(JAVA_FLOAT, i)).isCloseTo(expected, within(1e-5 * (1 + expected)));
            }
        }
    }

    @Test
    void measuresDistancesOfSketches() throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle distances =
                    function(arena, "engram_sketch_distances", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
            int length = 64;
            byte[] wanted = new byte[length];
            byte[] sketches = new byte[10 * length];
            random.nextBytes(wanted);
            random.nextBytes(sketches);
            MemorySegment found = arena.allocate(JAVA_INT, 10);
            distances.invoke(
                    arena.allocateFrom(JAVA_BYTE, wanted), arena.allocateFrom(JAVA_BYTE, sketches), 10, length, found);
            for (int i = 0; i < 10; i++) {
                int expected = 0;
                for (int j = 0; j < length; j++) {
                    int difference = wanted[j] - sketches[i * length + j];
                    expected += difference * difference;
                }
                assertThat(found.getAtIndex(JAVA_INT, i)).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 6})
    void multipliesWithTheBitsOfJava(int rows) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle dense =
                    function(arena, "engram_dense", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
            int inputs = 21;
            int panels = 2;
            int width = panels * NativeKernels.PANEL;
            float[] given = numbers(rows * inputs);
            for (int i = 0; i < given.length; i += 3) {
                given[i] = 0;
            }
            float[] packed = numbers(panels * inputs * NativeKernels.PANEL);
            float[] bias = numbers(width);
            MemorySegment results = arena.allocate(JAVA_FLOAT, (long) rows * width);
            dense.invoke(
                    arena.allocateFrom(JAVA_FLOAT, given),
                    rows,
                    inputs,
                    arena.allocateFrom(JAVA_FLOAT, packed),
                    arena.allocateFrom(JAVA_FLOAT, bias),
                    panels,
                    results);
            for (int row = 0; row < rows; row++) {
                for (int output = 0; output < width; output++) {
                    float expected = bias[output];
                    int start =
                            output / NativeKernels.PANEL * inputs * NativeKernels.PANEL + output % NativeKernels.PANEL;
                    for (int input = 0; input < inputs; input++) {
                        expected = Math.fma(
                                packed[start + input * NativeKernels.PANEL], given[row * inputs + input], expected);
                    }
                    assertThat(results.getAtIndex(JAVA_FLOAT, row * width + output))
                            .isEqualTo(expected);
                }
            }
        }
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private MethodHandle function(Arena arena, String name, MemoryLayout... parameters)
            throws IOException, InterruptedException {
        return CompiledSource.of(CompiledSource.KERNELS, directory)
                .function(arena, name, FunctionDescriptor.ofVoid(parameters));
    }
}
