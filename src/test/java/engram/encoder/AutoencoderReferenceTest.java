package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.tensor.DeviceChoice;
import engram.tensor.Formula;
import engram.tensor.ParameterValues;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against what PyTorch in Python computes; {@code src/test/python/autoencoder_reference.py} wrote the fixture. */
class AutoencoderReferenceTest {
    private static final int FEATURES = 13;
    private static final int ROWS = 5;

    private final TensorEngine engine = new TensorEngine(new TensorSettings(DeviceChoice.CPU, 1));
    private final JsonNode reference = reference();

    @Test
    void encodesAndRebuildsInPlainJava() {
        AutoencoderInference inference = new AutoencoderInference(AutoencoderTrainer.weights(start()));
        float[][] full = inference.encode(features());
        for (Resolution resolution : Resolution.values()) {
            float[][] vectors = new float[ROWS][];
            for (int row = 0; row < ROWS; row++) {
                vectors[row] = inference.compress(full[row], Resolution.FULL, resolution);
            }
            assertClose(vectors, reference.get("vectors").get(index(resolution)), resolution + " vectors");
            assertClose(
                    inference.reconstruct(vectors, resolution),
                    reference.get("rebuilt").get(index(resolution)),
                    resolution + " rebuilt");
        }
    }

    @Test
    void encodesRebuildsAndMeasuresOnTorch() {
        try (Scope scope = engine.scope();
                AutoencoderNetwork network = network(0)) {
            List<Tensor> vectors = network.encode(scope, scope.matrix(features()));
            List<Tensor> rebuilt = network.decode(scope, vectors);
            for (int i = 0; i < 3; i++) {
                assertClose(vectors.get(i).toRows(), reference.get("vectors").get(i), "vectors " + i);
                assertClose(rebuilt.get(i).toRows(), reference.get("rebuilt").get(i), "rebuilt " + i);
            }
            TrainedAutoencoder.Losses losses = network.losses(scope, scope.matrix(features()), scope.matrix(present()));
            assertThat(losses.total()).isCloseTo(reference.get("loss").asDouble(), within(1e-5));
            for (Resolution resolution : Resolution.values()) {
                assertThat(losses.error(resolution))
                        .isCloseTo(
                                reference.get("errors").get(index(resolution)).asDouble(), within(1e-5));
            }
            assertThat(losses.stress()).isCloseTo(reference.get("stress").asDouble(), within(1e-4 * losses.stress()));
        }
        assertThat(engine.nativeTensors()).isZero();
    }

    /**
     * Adam's first steps have the size of the rate however small a gradient is, so where a gradient is all rounding the two
     * may step apart. The distance term has such gradients: differences of nearly equal squares.
     */
    @ParameterizedTest
    @CsvSource({"plain,0,1e-4,2e-5", "neighbourhood,0.7,2e-3,1e-3"})
    void learnsAsTorchDoes(String name, double neighbourhood, double lossTolerance, double parameterTolerance) {
        JsonNode expected = reference.get(name);
        try (Scope scope = engine.scope();
                AutoencoderNetwork network = network(neighbourhood)) {
            double loss = network.gradients(scope, scope.matrix(features()), scope.matrix(present()))
                    .item();
            double size = expected.get("losses").get(0).asDouble();
            assertThat(loss).isCloseTo(size, within(1e-5 * Math.max(1, size)));
            for (ParameterValues.Entry gradient : network.gradients().entries()) {
                JsonNode wanted = expected.get("gradients").get(gradient.name());
                double norm = norm(gradient.values());
                assertThat(norm)
                        .as(gradient.name())
                        .isCloseTo(wanted.get("norm").asDouble(), within(1e-4 * norm));
                assertSample(gradient, wanted.get("sample"), 1e-4 * norm, "gradient");
            }
        }
        try (Scope scope = engine.scope();
                AutoencoderNetwork network = network(neighbourhood)) {
            for (int step = 0; step < 3; step++) {
                double loss = network.step(scope, scope.matrix(features()), scope.matrix(present()), 0.001);
                double wanted = expected.get("losses").get(step).asDouble();
                assertThat(loss).isCloseTo(wanted, within(lossTolerance * Math.max(1, wanted)));
                if (step != 1) {
                    JsonNode after = expected.get(step == 0 ? "afterOne" : "afterThree");
                    network.values()
                            .entries()
                            .forEach(entry ->
                                    assertSample(entry, after.get(entry.name()), parameterTolerance, "parameter"));
                }
            }
        }
    }

    private AutoencoderNetwork network(double neighbourhood) {
        return new AutoencoderNetwork(engine, start(), 0.001, neighbourhood, false);
    }

    private static ParameterValues start() {
        List<ParameterValues.Entry> entries = new ArrayList<>();
        for (AutoencoderLayer layer : AutoencoderLayer.values()) {
            int inputs = layer.inputs(FEATURES);
            int outputs = layer.outputs(FEATURES);
            double scale = Math.sqrt(3.0 / inputs);
            entries.add(new ParameterValues.Entry(
                    layer.weight(), List.of(outputs, inputs), Formula.fill(outputs * inputs, entries.size(), scale)));
            entries.add(new ParameterValues.Entry(
                    layer.bias(), List.of(outputs), Formula.fill(outputs, entries.size(), 0.1)));
        }
        return new ParameterValues(entries);
    }

    private static float[][] features() {
        float[][] rows = new float[ROWS][FEATURES];
        for (int i = 0; i < ROWS * FEATURES; i++) {
            rows[i / FEATURES][i % FEATURES] = (float) Formula.number(i, 100);
        }
        return rows;
    }

    private static float[][] present() {
        float[][] rows = new float[ROWS][FEATURES];
        for (int i = 0; i < ROWS * FEATURES; i++) {
            rows[i / FEATURES][i % FEATURES] = Formula.number(i, 101) < 0.7 ? 1 : 0;
        }
        return rows;
    }

    private static int index(Resolution resolution) {
        return List.of(Resolution.values()).indexOf(resolution);
    }

    private static void assertClose(float[][] actual, JsonNode expected, String what) {
        assertThat(actual)
                .as(what)
                .hasDimensions(expected.size(), expected.get(0).size());
        for (int row = 0; row < actual.length; row++) {
            for (int i = 0; i < actual[row].length; i++) {
                assertThat((double) actual[row][i])
                        .as("%s, row %d, number %d", what, row, i)
                        .isCloseTo(expected.get(row).get(i).asDouble(), within(1e-5));
            }
        }
    }

    private static void assertSample(ParameterValues.Entry entry, JsonNode expected, double tolerance, String what) {
        float[] values = entry.values();
        for (int i = 0; i < expected.size(); i++) {
            assertThat((double) values[i * (values.length - 1) / 9])
                    .as("%s %s, sample %d", what, entry.name(), i)
                    .isCloseTo(expected.get(i).asDouble(), within(tolerance));
        }
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    private static JsonNode reference() {
        try (InputStream in = Objects.requireNonNull(
                AutoencoderReferenceTest.class.getResourceAsStream("/engram/encoder/autoencoder-reference.json"))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
