package engram.tensor.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loops of learners in C have the bits of Java's, whose formulas are written down here once more. */
class LearningLoopsTest {
    private static final int COUNT = 1_003;

    private final Random random = new Random(7);
    private final Arena arena = Arena.ofConfined();

    @TempDir
    Path directory = Path.of("");

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void takesAStepOfAdam() throws Throwable {
        MethodHandle adam = function(
                "engram_adam",
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                JAVA_FLOAT,
                JAVA_FLOAT,
                JAVA_FLOAT,
                JAVA_FLOAT,
                JAVA_FLOAT,
                JAVA_FLOAT,
                JAVA_FLOAT,
                JAVA_FLOAT);
        float[] values = numbers(COUNT);
        float[] gradients = numbers(COUNT);
        float[] first = numbers(COUNT);
        float[] second = numbers(COUNT);
        for (int i = 0; i < COUNT; i++) {
            second[i] *= second[i];
        }
        MemorySegment nativeValues = copy(values);
        MemorySegment nativeFirst = copy(first);
        MemorySegment nativeSecond = copy(second);
        AdamStep step = new AdamStep(0.7f, 0.01f, 0.1f, 0.999f, 0.001f, 3e-4f, 1.7f, 1e-8f);
        adam.invoke(
                nativeValues,
                copy(gradients),
                nativeFirst,
                nativeSecond,
                COUNT,
                0.7f,
                0.01f,
                0.1f,
                0.999f,
                0.001f,
                3e-4f,
                1.7f,
                1e-8f);
        step.apply(values, gradients, first, second, COUNT);
        assertBits(nativeValues, values);
        assertBits(nativeFirst, first);
        assertBits(nativeSecond, second);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 0.01f})
    void rectifies(float slope) throws Throwable {
        float[] values = numbersAndEdges();
        MemorySegment found = copy(values);
        if (slope == 0) {
            function("engram_relu", ADDRESS, JAVA_INT).invoke(found, values.length);
        } else {
            function("engram_leaky_relu", ADDRESS, JAVA_INT, JAVA_FLOAT).invoke(found, values.length, slope);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = slope == 0 ? Math.max(0, values[i]) : Math.max(values[i], slope * values[i]);
        }
        assertBits(found, values);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 0.01f})
    void takesSlopesBackThroughARectifier(float slope) throws Throwable {
        float[] outputs = numbersAndEdges();
        float[] slopes = numbers(outputs.length);
        MemorySegment found = copy(slopes);
        function("engram_relu_slopes", ADDRESS, ADDRESS, JAVA_INT, JAVA_FLOAT)
                .invoke(found, copy(outputs), outputs.length, slope);
        for (int i = 0; i < outputs.length; i++) {
            slopes[i] *= Math.max(slope, Math.min(1, outputs[i] * Float.MAX_VALUE));
        }
        assertBits(found, slopes);
    }

    @Test
    void addsRows() throws Throwable {
        int rows = 17;
        int width = 59;
        float[] sums = numbers(width);
        float[] matrix = numbers(rows * width);
        MemorySegment found = copy(sums);
        function("engram_add_rows", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT).invoke(found, copy(matrix), rows, width);
        for (int i = 0; i < matrix.length; i++) {
            sums[i % width] += matrix[i];
        }
        assertBits(found, sums);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 8, COUNT})
    void addsSquares(int count) throws Throwable {
        float[] values = numbers(count);
        double found = (double)
                source().function(arena, "engram_sum_of_squares", FunctionDescriptor.of(JAVA_DOUBLE, ADDRESS, JAVA_INT))
                        .invoke(copy(values), count);
        double[] lanes = new double[8];
        int whole = count / lanes.length * lanes.length;
        for (int i = 0; i < count; i++) {
            lanes[i < whole ? i % lanes.length : 0] += (double) values[i] * values[i];
        }
        double total = 0;
        for (double lane : lanes) {
            total += lane;
        }
        assertThat(found).isEqualTo(total);
    }

    @Test
    void blends() throws Throwable {
        float[] values = numbers(COUNT);
        float[] others = numbers(COUNT);
        MemorySegment found = copy(values);
        function("engram_blend", ADDRESS, ADDRESS, JAVA_INT, JAVA_FLOAT).invoke(found, copy(others), COUNT, 0.05f);
        for (int i = 0; i < COUNT; i++) {
            values[i] += 0.05f * (others[i] - values[i]);
        }
        assertBits(found, values);
    }

    @Test
    void exchangesRowsAndColumns() throws Throwable {
        int rows = 21;
        int columns = 37;
        float[] matrix = numbers(rows * columns);
        MemorySegment found = copy(new float[matrix.length]);
        function("engram_transpose", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS).invoke(copy(matrix), rows, columns, found);
        float[] turned = new float[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            turned[i % columns * rows + i / columns] = matrix[i];
        }
        assertBits(found, turned);
    }

    private static void assertBits(MemorySegment found, float[] expected) {
        // Compares bits, except that one NaN is like another.
        assertThat(found.toArray(JAVA_FLOAT)).isEqualTo(expected);
    }

    private MemorySegment copy(float[] values) {
        return arena.allocateFrom(JAVA_FLOAT, values);
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private float[] numbersAndEdges() {
        float[] numbers = numbers(COUNT);
        float[] edges = {
            0,
            -0f,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            1e-39f
        };
        System.arraycopy(edges, 0, numbers, 100, edges.length);
        return numbers;
    }

    private MethodHandle function(String name, MemoryLayout... parameters) throws IOException, InterruptedException {
        return source().function(arena, name, FunctionDescriptor.ofVoid(parameters));
    }

    private CompiledSource source() throws IOException, InterruptedException {
        return CompiledSource.of(CompiledSource.LEARNING, directory);
    }
}
