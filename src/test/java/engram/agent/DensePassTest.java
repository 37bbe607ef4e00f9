package engram.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import engram.tensor.Engines;
import engram.tensor.Formula;
import engram.tensor.Gradient;
import engram.tensor.Initialization;
import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import engram.tensor.TensorEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stacks computed by hand against the same stacks recorded by PyTorch. */
class DensePassTest {
    private static final int ROWS = 9;
    private static final int INPUTS = 5;
    private static final long SEED = 3;

    private final TensorEngine engine = Engines.cpu();

    @ParameterizedTest
    @CsvSource({
        "RELU, 0, 2", "RELU, 0.4, 2", "RELU, 0, 0",
        "LEAKY_RELU, 0, 2", "LEAKY_RELU, 0.4, 2", "LEAKY_RELU, 0.4, 0",
        "TANH, 0, 2", "TANH, 0.4, 2", "TANH, 0.4, 0"
    })
    void goesForwardsAndBackwardsAsPyTorchDoes(Activation activation, double dropout, int outputs) {
        DenseLayers layers = new DenseLayers(
                "stack",
                INPUTS,
                new NetworkSettings(List.of(12, 7), activation, dropout, Initialization.UNIFORM),
                outputs);
        ParameterValues values = new ParameterValues(layers.initial(new SeededRandom(1)));
        float[] rows = Formula.fill(ROWS * INPUTS, 3, 2);
        float[] slopes = Formula.fill(ROWS * layers.width(), 4, 1);
        try (Parameters recorded = new Parameters(engine, values);
                Parameters inputs = new Parameters(engine, inputs(rows));
                Parameters byHand = Parameters.byHand(values);
                Scope scope = engine.scope();
                DensePass pass = new DensePass(engine, layers, byHand)) {
            List<Tensor> seen = new ArrayList<>();
            Gradient.of(() -> {
                Tensor out = recorded(scope, layers, recorded, inputs.tensor(scope, "rows"));
                seen.add(out);
                return out.times(scope.tensor(slopes, ROWS, layers.width())).sum();
            });
            near(
                    pass.forward(rows, Dropout.by(new SeededRandom(SEED))).toArray(),
                    seen.getFirst().toArray());
            float[] expected = inputs.gradients().entry("rows").values();
            near(pass.through(slopes).toArray(), expected);
            assertThat(byHand.gradientNorm()).isZero();
            pass.forward(rows, Dropout.by(new SeededRandom(SEED)));
            near(pass.learnThrough(slopes).toArray(), expected);
            for (ParameterValues.Entry entry : recorded.gradients().entries()) {
                near(byHand.gradients().entry(entry.name()).values(), entry.values());
            }
            assertThat(byHand.gradientNorm()).isCloseTo(recorded.gradientNorm(), within(1e-4));
        }
    }

    private static ParameterValues inputs(float[] rows) {
        return new ParameterValues(List.of(new ParameterValues.Entry("rows", List.of(ROWS, INPUTS), rows)));
    }

    private static Tensor recorded(Scope scope, DenseLayers layers, Parameters parameters, Tensor rows) {
        Dropout dropout = Dropout.by(new SeededRandom(SEED));
        Tensor values = rows;
        for (int layer = 0; layer < layers.layers(); layer++) {
            values = values.linear(
                    parameters.tensor(scope, layers.name(layer) + ".weight"),
                    parameters.tensor(scope, layers.name(layer) + ".bias"));
            if (layers.activated(layer)) {
                values = layers.settings().activation().apply(values);
                float[] mask = dropout.mask(
                        ROWS * layers.width(layer), layers.settings().dropout());
                values = mask.length == 0 ? values : values.times(scope.tensor(mask, ROWS, layers.width(layer)));
            }
        }
        return values;
    }

    private static void near(float[] values, float[] expected) {
        assertThat(values).hasSameSizeAs(expected);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isCloseTo(expected[i], within(2e-5f * (1 + Math.abs(expected[i]))));
        }
    }
}
