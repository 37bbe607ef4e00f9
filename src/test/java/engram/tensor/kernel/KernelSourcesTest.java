package engram.tensor.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The loops in C against the same in Java, called from the JVM; skipped where there is no C compiler or the processor is
 * not one that the binary is made for. The tests of the binary use the loops as they are linked.
 */
class KernelSourcesTest {
    private static final Path SOURCES = Path.of("src/main/c");

    private final Random random = new Random(7);

    @TempDir
    Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 32, 128, 384, 387})
    void measuresDistances(int dimension) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle distances = function(
                    arena,
                    "engram_kernels",
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
            MethodHandle distances = function(
                    arena, "engram_kernels", "engram_sketch_distances", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
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
            MethodHandle dense = function(
                    arena,
                    "engram_kernels",
                    "engram_dense",
                    ADDRESS,
                    JAVA_INT,
                    JAVA_INT,
                    ADDRESS,
                    ADDRESS,
                    JAVA_INT,
                    ADDRESS);
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

    @Test
    void takesAStepOfAdamWithTheBitsOfJava() throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemoryLayout[] parameters = {
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
                JAVA_FLOAT
            };
            MethodHandle adam = function(arena, "engram_adam", "engram_adam", parameters);
            int count = 1_003;
            float[] values = numbers(count);
            float[] gradients = numbers(count);
            float[] first = numbers(count);
            float[] second = numbers(count);
            for (int i = 0; i < count; i++) {
                second[i] *= second[i];
            }
            MemorySegment nativeValues = arena.allocateFrom(JAVA_FLOAT, values);
            MemorySegment nativeFirst = arena.allocateFrom(JAVA_FLOAT, first);
            MemorySegment nativeSecond = arena.allocateFrom(JAVA_FLOAT, second);
            AdamStep step = new AdamStep(0.7f, 0.01f, 0.1f, 0.999f, 0.001f, 3e-4f, 1.7f, 1e-8f);
            adam.invoke(
                    nativeValues,
                    arena.allocateFrom(JAVA_FLOAT, gradients),
                    nativeFirst,
                    nativeSecond,
                    count,
                    0.7f,
                    0.01f,
                    0.1f,
                    0.999f,
                    0.001f,
                    3e-4f,
                    1.7f,
                    1e-8f);
            step.apply(values, gradients, first, second, count);
            assertThat(nativeValues.toArray(JAVA_FLOAT)).isEqualTo(values);
            assertThat(nativeFirst.toArray(JAVA_FLOAT)).isEqualTo(first);
            assertThat(nativeSecond.toArray(JAVA_FLOAT)).isEqualTo(second);
        }
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** Compiles a source as {@code scripts/native.sh} does, and finds a function without a result. */
    @SuppressWarnings("restricted") // native code is what is tested
    private MethodHandle function(Arena arena, String source, String name, MemoryLayout... parameters)
            throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "the binary is for Linux");
        boolean intel = System.getProperty("os.arch").equals("amd64");
        assumeTrue(!intel || Files.readString(Path.of("/proc/cpuinfo")).contains(" avx2 "), "a processor with AVX2");
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/cc")) || Files.isExecutable(Path.of("/usr/bin/gcc")),
                "a C compiler");
        Path library = directory.resolve(source + ".so");
        List<String> command = new ArrayList<>(List.of(
                Files.isExecutable(Path.of("/usr/bin/cc")) ? "/usr/bin/cc" : "/usr/bin/gcc",
                "-O3",
                "-shared",
                "-fPIC",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-o",
                library.toString(),
                SOURCES.resolve(source + ".c").toString()));
        command.addAll(
                source.equals("engram_adam")
                        ? List.of("-ffp-contract=off", "-fno-math-errno")
                        : List.of("-ffp-contract=fast"));
        if (intel) {
            command.add("-march=x86-64-v3");
        }
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        return Linker.nativeLinker()
                .downcallHandle(
                        SymbolLookup.libraryLookup(library, arena).findOrThrow(name),
                        FunctionDescriptor.ofVoid(parameters));
    }
}
