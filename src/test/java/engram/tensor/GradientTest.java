package engram.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class GradientTest {
    private final TensorEngine engine = Engines.cpu();

    @Test
    void gathersGradientsUntilTheyAreCleared() {
        try (Parameters parameters = line(2, 1);
                Scope scope = engine.scope()) {
            assertThat(parameters.gradients().entry("line.weight").values()).containsExactly(0);
            assertThat(parameters.gradientNorm()).isZero();
            Tensor loss = Gradient.of(() -> error(scope, parameters, 3, 10));
            assertThat(loss.item()).isEqualTo(9);
            // loss = (2·3 + 1 − 10)², so the weight's gradient is 2·(−3)·3 and the bias' 2·(−3).
            assertThat(parameters.gradients().entry("line.weight").values()).containsExactly(-18);
            assertThat(parameters.gradients().entry("line.bias").values()).containsExactly(-6);
            assertThat(parameters.gradientNorm()).isEqualTo(Math.sqrt(18 * 18 + 6 * 6));
            Gradient.of(() -> error(scope, parameters, 3, 10));
            assertThat(parameters.gradients().entry("line.weight").values()).containsExactly(-36);
            parameters.zeroGradients();
            assertThat(parameters.gradientNorm()).isZero();
            Gradient.of(() -> error(scope, parameters, 3, 10));
            assertThat(parameters.gradients().entry("line.weight").values()).containsExactly(-18);
        }
    }

    @Test
    void noGradientFlowsThroughWhatIsDetached() {
        try (Parameters parameters = line(2, 1);
                Scope scope = engine.scope()) {
            Gradient.of(() -> {
                Tensor weight = parameters.tensor(scope, "line.weight");
                return weight.detach().times(weight).sum();
            });
            assertThat(parameters.gradients().entry("line.weight").values()).containsExactly(2);
        }
    }

    @Test
    void recordsNothingOutsideAndTurnsTheModeOffAfterAFailure() {
        try (Parameters parameters = line(2, 1);
                Scope scope = engine.scope()) {
            assertThatThrownBy(() -> Gradient.of(() -> {
                        throw new IllegalStateException("on purpose");
                    }))
                    .hasMessage("on purpose");
            Tensor outside = error(scope, parameters, 3, 10);
            assertThatThrownBy(() -> Gradient.of(() -> outside))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no parameter");
            assertThatThrownBy(() -> Gradient.of(() -> Gradient.of(() -> error(scope, parameters, 3, 10))))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> Gradient.of(() -> scope.tensor(new float[2], 2)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(Gradient.of(() -> error(scope, parameters, 3, 10)).item())
                    .isEqualTo(9);
        }
    }

    @Test
    void refusesVirtualThreads() throws Exception {
        try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> scope = virtual.submit(() -> engine.scope());
            assertThatThrownBy(scope::get).hasRootCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void twoThreadsTrainAtOnceAsEachWouldAlone() throws Exception {
        float[] first = train(1, () -> {});
        float[] second = train(2, () -> {});
        CyclicBarrier barrier = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<float[]>> together = threads.invokeAll(List.<Callable<float[]>>of(
                    () -> train(1, () -> await(barrier)), () -> train(2, () -> await(barrier))));
            assertThat(together.get(0).get()).isEqualTo(first);
            assertThat(together.get(1).get()).isEqualTo(second);
        }
        assertThat(engine.nativeTensors()).isZero();
    }

    /** The barrier makes the two threads meet inside every recording. */
    private float[] train(long seed, Runnable inside) {
        SplittableRandom random = new SplittableRandom(seed);
        ParameterValues start = new ParameterValues(Initialization.HE.linear("line", 8, 4, random));
        try (Parameters parameters = new Parameters(engine, start);
                Scope scope = engine.scope()) {
            Adam adam = new Adam(parameters, AdamSettings.of(0.01));
            for (int i = 0; i < 50; i++) {
                try (Scope step = scope.open()) {
                    float[] row = Formula.fill(8, random.nextInt(), 1);
                    Tensor input = step.tensor(row, 1, 8);
                    Gradient.of(() -> {
                        inside.run();
                        return input.linear(
                                        parameters.tensor(step, "line.weight"), parameters.tensor(step, "line.bias"))
                                .square()
                                .sum();
                    });
                    adam.step();
                }
            }
            return parameters.values().entry("line.weight").values();
        }
    }

    private Parameters line(float weight, float bias) {
        return new Parameters(
                engine,
                new ParameterValues(List.of(
                        new ParameterValues.Entry("line.weight", List.of(1, 1), new float[] {weight}),
                        new ParameterValues.Entry("line.bias", List.of(1), new float[] {bias}))));
    }

    private static Tensor error(Scope scope, Parameters parameters, float input, float target) {
        return scope.tensor(new float[] {input}, 1, 1)
                .linear(parameters.tensor(scope, "line.weight"), parameters.tensor(scope, "line.bias"))
                .minus(scope.scalar(target))
                .square()
                .sum();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
