package engram.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.LibUtils;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers computed by hand against the same layers recorded by PyTorch. */
class LinearLayerTest {
    private static final TensorEngine ENGINE = Engines.cpu();

    static Stream<MatrixProducts> products() {
        ENGINE.device();
        return Stream.concat(
                BlasProducts.in(Path.of(LibUtils.getLibtorchPath())).stream(), Stream.of(new TorchProducts((PtNDManager)
                        Engine.getEngine("PyTorch").newBaseManager(Device.cpu()))));
    }

    @ParameterizedTest
    @MethodSource("products")
    void computesWhatPyTorchComputes(MatrixProducts products) {
        for (int[] shape : new int[][] {{1, 1, 1}, {7, 5, 3}, {64, 4, 33}, {3, 33, 1}, {70, 65, 129}}) {
            int rows = shape[0];
            int inputs = shape[1];
            int outputs = shape[2];
            ParameterValues values = new ParameterValues(List.of(
                    new ParameterValues.Entry(
                            "layer.weight", List.of(outputs, inputs), Formula.fill(outputs * inputs, 1, 1)),
                    new ParameterValues.Entry("layer.bias", List.of(outputs), Formula.fill(outputs, 2, 1))));
            float[] in = Formula.fill(rows * inputs, 3, 1);
            float[] slopes = Formula.fill(rows * outputs, 4, 1);
            try (Parameters recorded = new Parameters(ENGINE, values);
                    Parameters byHand = Parameters.byHand(values);
                    Scope scope = ENGINE.scope();
                    NativeMatrix inMatrix = new NativeMatrix(inputs);
                    NativeMatrix slopesMatrix = new NativeMatrix(outputs);
                    NativeMatrix out = new NativeMatrix(outputs);
                    NativeMatrix back = new NativeMatrix(inputs)) {
                Tensor[] seen = new Tensor[1];
                Gradient.of(() -> {
                    seen[0] = scope.tensor(in, rows, inputs)
                            .linear(recorded.tensor(scope, "layer.weight"), recorded.tensor(scope, "layer.bias"));
                    return seen[0].times(scope.tensor(slopes, rows, outputs)).sum();
                });
                LinearLayer layer = new LinearLayer(products, byHand, "layer");
                inMatrix.set(in);
                slopesMatrix.set(slopes);
                layer.forward(inMatrix, out);
                near(out.toArray(), seen[0].toArray());
                // Twice, because gradients gather.
                layer.addGradients(inMatrix, slopesMatrix);
                near(gradient(byHand, "layer.weight"), gradient(recorded, "layer.weight"));
                layer.addGradients(inMatrix, slopesMatrix);
                near(gradient(byHand, "layer.bias"), doubled(gradient(recorded, "layer.bias")));
                near(gradient(byHand, "layer.weight"), doubled(gradient(recorded, "layer.weight")));
                layer.backward(slopesMatrix, back);
                near(
                        back.toArray(),
                        scope.tensor(slopes, rows, outputs)
                                .matmul(scope.tensor(
                                        values.entry("layer.weight").values(), outputs, inputs))
                                .toArray());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("products")
    void givesTheSameBitsAgainAlsoAfterALargerBatch(MatrixProducts products) {
        ParameterValues values = new ParameterValues(List.of(
                new ParameterValues.Entry("layer.weight", List.of(40, 30), Formula.fill(1200, 1, 1)),
                new ParameterValues.Entry("layer.bias", List.of(40), Formula.fill(40, 2, 1))));
        try (Parameters parameters = Parameters.byHand(values);
                NativeMatrix in = new NativeMatrix(30);
                NativeMatrix out = new NativeMatrix(40)) {
            LinearLayer layer = new LinearLayer(products, parameters, "layer");
            in.set(Formula.fill(300, 3, 1));
            layer.forward(in, out);
            float[] first = out.toArray();
            in.set(Formula.fill(3000, 9, 1));
            layer.forward(in, out);
            in.set(Formula.fill(300, 3, 1));
            layer.forward(in, out);
            assertThat(out.rows()).isEqualTo(10);
            assertThat(out.toArray()).containsExactly(first);
        }
    }

    /** A thread's helpers are named as it is: were a product divided, there would be one. */
    @Test
    void areComputedByWhoeverAsksAlone() throws Exception {
        Path tasks = Path.of("/proc/self/task");
        assumeTrue(Files.isDirectory(tasks), "a system that tells of its threads");
        MatrixProducts products = products().findFirst().orElseThrow();
        try (ExecutorService fresh = Executors.newSingleThreadExecutor(
                        work -> Thread.ofPlatform().name("alone").unstarted(work));
                Arena arena = Arena.ofShared()) {
            MemorySegment rows = arena.allocate(512L * 512 * Float.BYTES, 64);
            MemorySegment result = arena.allocate(512L * 512 * Float.BYTES, 64);
            fresh.submit(() -> {
                        int before = threadsOfAProduct();
                        products.addProduct(false, true, 512, 512, 512, rows, rows, result);
                        assertThat(named("alone", tasks)).isEqualTo(1);
                        assertThat(threadsOfAProduct()).isEqualTo(before);
                        return null;
                    })
                    .get();
        }
    }

    private static long named(String name, Path tasks) throws IOException {
        try (Stream<Path> all = Files.list(tasks)) {
            return all.filter(task -> {
                        try {
                            return Files.readString(task.resolve("comm"))
                                    .strip()
                                    .equals(name);
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    @SuppressWarnings("restricted") // asks the library behind the products
    private static int threadsOfAProduct() {
        return SymbolLookup.libraryLookup(
                        Path.of(LibUtils.getLibtorchPath()).resolve(System.mapLibraryName("torch_cpu")), Arena.global())
                .find("MKL_Get_Max_Threads")
                .map(symbol -> {
                    try {
                        return (int) Linker.nativeLinker()
                                .downcallHandle(symbol, FunctionDescriptor.of(ValueLayout.JAVA_INT))
                                .invokeExact();
                    } catch (Throwable e) {
                        throw new AssertionError(e);
                    }
                })
                // A library with another BLAS than this one has no such number.
                .orElse(1);
    }

    @Test
    void keepsApartWhatPyTorchAndWhatWeComputeWith() {
        ParameterValues values = new ParameterValues(List.of(
                new ParameterValues.Entry("layer.weight", List.of(1, 1), new float[] {1}),
                new ParameterValues.Entry("layer.bias", List.of(1), new float[1])));
        try (Parameters recorded = new Parameters(ENGINE, values);
                Parameters byHand = Parameters.byHand(values);
                Scope scope = ENGINE.scope()) {
            assertThatThrownBy(() -> byHand.tensor(scope, "layer.weight"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no tensors");
            assertThatThrownBy(() -> recorded.addGradient("layer.bias", new float[] {1}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("PyTorch keeps");
            assertThatThrownBy(() -> new LinearLayer(ENGINE, byHand, "other"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("other.weight");
        }
    }

    private static float[] gradient(Parameters parameters, String name) {
        return parameters.gradients().entry(name).values();
    }

    private static float[] doubled(float[] values) {
        float[] twice = values.clone();
        for (int i = 0; i < twice.length; i++) {
            twice[i] *= 2;
        }
        return twice;
    }

    private static void near(float[] values, float[] expected) {
        assertThat(values).hasSameSizeAs(expected);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isCloseTo(expected[i], within(1e-4f * (1 + Math.abs(expected[i]))));
        }
    }
}
