package engram.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TensorTest {
    private final TensorEngine engine = Engines.cpu();
    private int before;
    private Scope scope;

    @BeforeEach
    void open() {
        before = engine.nativeTensors();
        scope = engine.scope();
    }

    @AfterEach
    void everyOperationLeavesNothingBehind() {
        scope.close();
        scope.close();
        assertThat(engine.nativeTensors()).isEqualTo(before);
    }

    @Test
    void computesElementByElement() {
        each(x -> 3 * x + 1, x -> x.times(3).plus(1));
        each(x -> -x, Tensor::negate);
        each(x -> x * x, Tensor::square);
        each(Math::exp, Tensor::exp);
        each(Math::tanh, Tensor::tanh);
        each(x -> 1 / (1 + Math.exp(-x)), Tensor::sigmoid);
        each(x -> Math.log1p(Math.exp(x)), Tensor::softplus);
        each(x -> Math.max(0, x), Tensor::relu);
        each(x -> x > 0 ? x : 0.1 * x, x -> x.leakyRelu(0.1));
        each(x -> Math.clamp(x, -1, 0.5), x -> x.clip(-1, 0.5));
        each(x -> Math.max(x, 0.2), x -> x.atLeast(0.2));
        each(x -> Math.log(x * x), x -> x.square().log());
        each(Math::abs, x -> x.square().squareRoot());
    }

    @Test
    void computesOnPairs() {
        Tensor a = scope.tensor(new float[] {1, 2, 3, 4}, 2, 2);
        Tensor b = scope.tensor(new float[] {4, 3, 2, 1}, 2, 2);
        assertThat(a.plus(b).toArray()).containsExactly(5, 5, 5, 5);
        assertThat(a.minus(b).toArray()).containsExactly(-3, -1, 1, 3);
        assertThat(a.times(b).toArray()).containsExactly(4, 6, 6, 4);
        assertThat(a.dividedBy(b).toArray()).containsExactly(0.25f, 2 / 3f, 1.5f, 4);
        assertThat(a.minimum(b).toArray()).containsExactly(1, 2, 2, 1);
        assertThat(a.maximum(b).toArray()).containsExactly(4, 3, 3, 4);
        assertThat(a.matmul(b).toRows()).isDeepEqualTo(new float[][] {{8, 5}, {20, 13}});
        assertThat(a.transpose().toRows()).isDeepEqualTo(new float[][] {{1, 3}, {2, 4}});
        Tensor bias = scope.tensor(new float[] {10, 20, 30}, 3);
        Tensor weight = scope.tensor(new float[] {1, 0, 0, 1, 1, 1}, 3, 2);
        assertThat(a.linear(weight, bias).toRows()).isDeepEqualTo(new float[][] {{11, 22, 33}, {13, 24, 37}});
    }

    @Test
    void reducesSelectsAndJoins() {
        Tensor a = scope.matrix(new float[][] {{1, 5, 2}, {7, 3, 4}});
        assertThat(a.shape()).containsExactly(2, 3);
        assertThat(a.sum().item()).isEqualTo(22);
        assertThat(a.mean().item()).isCloseTo(22 / 6.0, within(1e-6));
        assertThat(a.sum(1).toRows()).isDeepEqualTo(new float[][] {{8}, {14}});
        assertThat(a.sum(0).toRows()).isDeepEqualTo(new float[][] {{8, 8, 6}});
        assertThat(a.rowMaximum().toRows()).isDeepEqualTo(new float[][] {{5}, {7}});
        assertThat(a.rowArgMaximum()).containsExactly(1, 0);
        assertThat(a.pick(scope.indices(2, 1)).toRows()).isDeepEqualTo(new float[][] {{2}, {3}});
        assertThat(a.columns(1, 3).toRows()).isDeepEqualTo(new float[][] {{5, 2}, {3, 4}});
        assertThat(a.rows(1, 2).toRows()).isDeepEqualTo(new float[][] {{7, 3, 4}});
        assertThat(Tensor.stackRows(a, a.rows(0, 1)).toRows())
                .isDeepEqualTo(new float[][] {{1, 5, 2}, {7, 3, 4}, {1, 5, 2}});
        assertThat(Tensor.joinColumns(a, a.columns(0, 1)).toRows())
                .isDeepEqualTo(new float[][] {{1, 5, 2, 1}, {7, 3, 4, 7}});
        assertThat(a.reshape(3, 2).toRows()).isDeepEqualTo(new float[][] {{1, 5}, {2, 7}, {3, 4}});
        float[] logarithms = a.logSoftmax().toArray();
        double total = Math.exp(1) + Math.exp(5) + Math.exp(2);
        assertThat((double) logarithms[1]).isCloseTo(5 - Math.log(total), within(1e-6));
    }

    @Test
    void masksWhatDoesNotCount() {
        Tensor guess = scope.tensor(new float[] {1, 2, 3}, 3);
        Tensor truth = scope.tensor(new float[] {0, 0, 100}, 3);
        Tensor mask = scope.tensor(new float[] {1, 1, 0}, 3);
        assertThat(guess.maskedMeanSquaredError(truth, mask).item()).isEqualTo(2.5);
    }

    @Test
    void whatIsComputedBelongsToTheInnerScope() {
        Tensor outer = scope.scalar(2);
        int held = engine.nativeTensors();
        Tensor product;
        try (Scope step = scope.open()) {
            Tensor inner = step.scalar(3);
            product = outer.times(inner).plus(outer).plus(step.use(outer).square());
            assertThat(product.item()).isEqualTo(12);
        }
        assertThat(engine.nativeTensors()).isEqualTo(held);
        assertThatThrownBy(product::item).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> scope.tensor(new float[3], 2, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scope.matrix(new float[][] {{1}, {1, 2}}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scope.tensor(new float[2], 2).item()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> scope.tensor(new float[2], 2).toRows()).isInstanceOf(IllegalStateException.class);
        scope.close();
        for (Runnable late : List.<Runnable>of(() -> scope.scalar(1), () -> scope.open())) {
            assertThatThrownBy(late::run).isInstanceOf(IllegalStateException.class);
        }
    }

    private void each(DoubleUnaryOperator expected, UnaryOperator<Tensor> actual) {
        float[] inputs = {-2, -0.5f, 0.25f, 1.5f};
        float[] outputs = actual.apply(scope.tensor(inputs, 4)).toArray();
        for (int i = 0; i < inputs.length; i++) {
            assertThat((double) outputs[i]).isCloseTo(expected.applyAsDouble(inputs[i]), within(1e-5));
        }
    }
}
