package engram.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ParametersTest {
    private final TensorEngine engine = Engines.cpu();

    @Test
    void torchSeesTheBufferItself() {
        try (Parameters parameters = new Parameters(engine, values(1));
                Scope scope = engine.scope()) {
            assertThat(parameters.size()).isEqualTo(9);
            assertThat(parameters.values()).isEqualTo(values(1)).hasSameHashCodeAs(values(1));
            Tensor before = parameters.tensor(scope, "b");
            parameters.load(values(2));
            assertThat(before.toArray()).containsExactly(12, 14, 16, 18, 20, 22);
            assertThat(parameters.values()).isEqualTo(values(2));
        }
        assertThat(engine.nativeTensors()).isZero();
    }

    @Test
    void blendsTowardsAnotherNetwork() {
        try (Parameters own = new Parameters(engine, values(1));
                Parameters other = new Parameters(engine, values(3))) {
            own.blend(other, 0.25f);
            assertThat(own.values().entry("a").values()).containsExactly(new float[] {1.5f, 3, 4.5f}, within(1e-6f));
            own.blend(other, 1);
            assertThat(own.values()).isEqualTo(values(3));
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        ParameterValues.Entry entry = new ParameterValues.Entry("a", List.of(2), new float[2]);
        assertThatThrownBy(() -> new ParameterValues(List.of(entry, entry)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ParameterValues.Entry("a", List.of(2, 2), new float[2]))
                .isInstanceOf(IllegalArgumentException.class);
        Parameters parameters = new Parameters(engine, values(1));
        try (Scope scope = engine.scope();
                Parameters small = new Parameters(engine, new ParameterValues(List.of(entry)))) {
            assertThatThrownBy(() -> parameters.tensor(scope, "c")).hasMessageContaining("named c");
            assertThatThrownBy(() -> small.load(values(1))).hasMessageContaining("shape");
            assertThatThrownBy(() -> small.blend(parameters, 1)).isInstanceOf(IllegalArgumentException.class);
            parameters.close();
            parameters.close();
            assertThatThrownBy(() -> parameters.tensor(scope, "a")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void initialValuesKeepToTheirBoundsAndSeed() {
        for (Initialization initialization : Initialization.values()) {
            List<ParameterValues.Entry> layer = initialization.linear("x", 50, 30, new SplittableRandom(1));
            assertThat(layer).isEqualTo(initialization.linear("x", 50, 30, new SplittableRandom(1)));
            assertThat(layer.get(0).name()).isEqualTo("x.weight");
            assertThat(layer.get(0).shape()).containsExactly(30, 50);
            double bound = initialization.bound(50, 30);
            assertThat(layer.get(1).values()).hasSize(30);
            for (float bias : layer.get(1).values()) {
                double most = initialization == Initialization.UNIFORM ? bound : 0;
                assertThat(Math.abs((double) bias)).isLessThanOrEqualTo(most);
            }
            double squares = 0;
            for (float value : layer.get(0).values()) {
                assertThat(Math.abs((double) value)).isLessThanOrEqualTo(bound);
                squares += value * value;
            }
            assertThat(Math.sqrt(squares / 1500)).isCloseTo(bound / Math.sqrt(3), within(bound * 0.05));
        }
        assertThat(Initialization.HE.bound(50, 30)).isCloseTo(Math.sqrt(6.0 / 50), within(1e-12));
        assertThat(Initialization.XAVIER.bound(50, 30)).isCloseTo(Math.sqrt(6.0 / 80), within(1e-12));
        assertThat(Initialization.UNIFORM.bound(50, 30)).isCloseTo(Math.sqrt(1.0 / 50), within(1e-12));
    }

    private static ParameterValues values(float factor) {
        float[] a = {1, 2, 3};
        float[] b = {6, 7, 8, 9, 10, 11};
        for (int i = 0; i < a.length; i++) {
            a[i] *= factor;
        }
        for (int i = 0; i < b.length; i++) {
            b[i] *= factor;
        }
        return new ParameterValues(List.of(
                new ParameterValues.Entry("a", List.of(3), a), new ParameterValues.Entry("b", List.of(2, 3), b)));
    }
}
