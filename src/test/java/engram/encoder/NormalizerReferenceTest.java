package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.tensor.Adam;
import engram.tensor.AdamSettings;
import engram.tensor.Engines;
import engram.tensor.Formula;
import engram.tensor.Gradient;
import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import engram.tensor.TensorEngine;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What PyTorch computes from the same weights, rows and noise; see {@code src/test/python/normalizer_reference.py}. */
class NormalizerReferenceTest {
    private static final int WIDTH = 5;
    private static final int ROWS = 7;

    private final TensorEngine engine = Engines.cpu();

    @Test
    void learnsAsWithTorch() throws IOException {
        NormalizerNetwork network = new NormalizerNetwork(WIDTH, List.of(16, 12));
        JsonNode expected = reference().get("updates");
        try (Scope scope = engine.scope();
                Parameters parameters = new Parameters(engine, byFormula(network.initial(new SplitMix(1)::nextLong)))) {
            Adam adam = new Adam(parameters, AdamSettings.of(0.01));
            for (int update = 0; update < 3; update++) {
                JsonNode now = expected.get(update);
                try (Scope step = scope.open()) {
                    Tensor rows = step.tensor(Formula.fill(ROWS * WIDTH, 100 + update, 1.5), ROWS, WIDTH);
                    Tensor noise = step.tensor(
                            Formula.fill(ROWS * StateNormalizer.WIDTH, 200 + update, 1.5), ROWS, StateNormalizer.WIDTH);
                    double loss = Gradient.of(() -> {
                                NormalizerNetwork.Loss all = network.loss(step, parameters, rows, noise, 0.05);
                                near(all.reconstruction().item(), now.get("reconstruction"));
                                near(all.divergence().item(), now.get("divergence"));
                                return all.total();
                            })
                            .item();
                    near(loss, now.get("loss"));
                    near(parameters.gradients(), now.get("gradients"));
                    adam.step();
                    near(parameters.values(), now.get("after"));
                }
            }
        }
    }

    private static void near(double value, JsonNode expected) {
        assertThat(value).isCloseTo(expected.asDouble(), within(2e-5 * (1 + Math.abs(expected.asDouble()))));
    }

    private static void near(ParameterValues values, JsonNode samples) {
        for (ParameterValues.Entry entry : values.entries()) {
            JsonNode expected = Objects.requireNonNull(samples.get(entry.name()), entry.name());
            float[] numbers = entry.values();
            for (int i = 0; i < 10; i++) {
                assertThat((double) numbers[i * (numbers.length - 1) / 9])
                        .as("%s, sample %d", entry.name(), i)
                        .isCloseTo(expected.get(i).asDouble(), within(5e-5));
            }
        }
    }

    private static ParameterValues byFormula(ParameterValues like) {
        List<ParameterValues.Entry> entries = new ArrayList<>();
        for (ParameterValues.Entry entry : like.entries()) {
            double scale =
                    entry.shape().size() == 2 ? Math.sqrt(3.0 / entry.shape().get(1)) : 0.1;
            entries.add(new ParameterValues.Entry(
                    entry.name(), entry.shape(), Formula.fill(entry.size(), entries.size(), scale)));
        }
        return new ParameterValues(entries);
    }

    private static JsonNode reference() throws IOException {
        try (InputStream file = NormalizerReferenceTest.class.getResourceAsStream("normalizer-reference.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(file));
        }
    }
}
