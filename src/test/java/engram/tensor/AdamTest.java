package engram.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.error.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdamTest {
    private final TensorEngine engine = Engines.cpu();

    @ParameterizedTest
    @ValueSource(strings = {"plain", "weightDecay", "clipped"})
    void takesTheStepsThatTorchTakes(String name) throws IOException {
        AdamSettings settings =
                switch (name) {
                    case "weightDecay" -> new AdamSettings(0.01, 0.9, 0.999, 1e-8, 0.1, Double.POSITIVE_INFINITY);
                    case "clipped" -> AdamSettings.of(0.01).clippedTo(0.5);
                    default -> AdamSettings.of(0.01);
                };
        JsonNode expected = reference().get(name);
        try (Parameters parameters = new Parameters(engine, start())) {
            Adam adam = new Adam(parameters, settings);
            for (int step = 0; step < 10; step++) {
                step(parameters, adam, step);
            }
            List<ParameterValues.Entry> entries = parameters.values().entries();
            for (int entry = 0; entry < 2; entry++) {
                float[] values = entries.get(entry).values();
                for (int i = 0; i < values.length; i++) {
                    assertThat((double) values[i])
                            .isCloseTo(expected.get(entry).get(i).asDouble(), within(2e-6));
                }
            }
        }
    }

    @Test
    void goesOnBitForBitFromASavedState() {
        try (Parameters whole = new Parameters(engine, start());
                Parameters resumed = new Parameters(engine, start())) {
            Adam adam = new Adam(whole, AdamSettings.of(0.01));
            for (int step = 0; step < 5; step++) {
                step(whole, adam, step);
            }
            AdamState state = adam.state();
            ParameterValues values = whole.values();
            for (int step = 5; step < 9; step++) {
                step(whole, adam, step);
            }
            assertThat(adam.state()).isNotEqualTo(state);

            resumed.load(values);
            Adam second = new Adam(resumed, AdamSettings.of(0.01));
            second.restore(state);
            assertThat(second.state()).isEqualTo(state).hasSameHashCodeAs(state);
            assertThat(second.state().steps()).isEqualTo(5);
            for (int step = 5; step < 9; step++) {
                step(resumed, second, step);
            }
            assertThat(resumed.values()).isEqualTo(whole.values());
            assertThat(second.state()).isEqualTo(adam.state());
        }
    }

    @Test
    void leavesParametersAloneThatNoGradientReaches() {
        try (Parameters parameters = new Parameters(engine, start());
                Scope scope = engine.scope()) {
            Adam adam = new Adam(parameters, AdamSettings.of(0.01));
            Gradient.of(() -> parameters.tensor(scope, "second").sum());
            adam.step();
            assertThat(parameters.values().entry("first")).isEqualTo(start().entry("first"));
            assertThat(parameters.values().entry("second")).isNotEqualTo(start().entry("second"));
        }
    }

    @Test
    void aWholeTrainingLeaksNothing() {
        SplittableRandom random = new SplittableRandom(3);
        ParameterValues start = new ParameterValues(Initialization.XAVIER.linear("layer", 6, 3, random));
        try (Scope scope = engine.scope();
                Parameters parameters = new Parameters(engine, start)) {
            Adam adam = new Adam(parameters, AdamSettings.of(0.01).clippedTo(1));
            double first = 0;
            double last = 0;
            int held = 0;
            for (int i = 0; i < 200; i++) {
                try (Scope step = scope.open()) {
                    Tensor input = step.tensor(Formula.fill(12, i % 7, 1), 2, 6);
                    Tensor loss = Gradient.of(() -> input.linear(
                                    parameters.tensor(step, "layer.weight"), parameters.tensor(step, "layer.bias"))
                            .minus(step.scalar(1))
                            .square()
                            .mean());
                    adam.step();
                    last = loss.item();
                    first = i == 0 ? last : first;
                }
                held = i == 0 ? engine.nativeTensors() : held;
                assertThat(engine.nativeTensors()).isEqualTo(held);
            }
            assertThat(last).isLessThan(first / 10);
        }
        assertThat(engine.nativeTensors()).isZero();
    }

    @Test
    void refusesStatesAndSettingsThatDoNotFit() {
        try (Parameters parameters = new Parameters(engine, start())) {
            Adam adam = new Adam(parameters, AdamSettings.of(0.01));
            assertThatThrownBy(() -> adam.restore(new AdamState(1, new float[3], new float[3])))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new AdamState(1, new float[3], new float[2]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AdamSettings.of(0))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("learningRate");
        assertThatThrownBy(() -> AdamSettings.of(1).clippedTo(0))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("maximumNorm");
    }

    private void step(Parameters parameters, Adam adam, int step) {
        try (Scope scope = engine.scope()) {
            Tensor first = scope.tensor(Formula.fill(21, 1000 + 10 * step, 1), 3, 7);
            Tensor second = scope.tensor(Formula.fill(5, 1000 + 10 * step + 1, 1), 5);
            Gradient.of(() -> parameters
                    .tensor(scope, "first")
                    .times(first)
                    .sum()
                    .plus(parameters.tensor(scope, "second").times(second).sum()));
            adam.step();
        }
    }

    private static ParameterValues start() {
        return new ParameterValues(List.of(
                new ParameterValues.Entry("first", List.of(3, 7), Formula.fill(21, 0, 1)),
                new ParameterValues.Entry("second", List.of(5), Formula.fill(5, 1, 1))));
    }

    private static JsonNode reference() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(AdamTest.class.getResourceAsStream("/engram/tensor/adam-reference.json"))) {
            return new ObjectMapper().readTree(in);
        }
    }
}
