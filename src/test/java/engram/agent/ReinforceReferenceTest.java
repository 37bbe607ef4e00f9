package engram.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.environment.ActionSpace;
import engram.tensor.Engines;
import engram.tensor.Formula;
import engram.tensor.ParameterValues;
import engram.tensor.TensorEngine;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PyTorch computes from the same weights and episodes; see {@code src/test/python/reinforce_reference.py}. */
class ReinforceReferenceTest {
    private static final int OBSERVATIONS = 5;
    private static final int ACTIONS = 3;
    private static final int[] LENGTHS = {4, 2, 5, 1};
    private static final ActionSpace DISCRETE = new ActionSpace.Discrete(ACTIONS);
    private static final ActionSpace CONTINUOUS = new ActionSpace.Box(new float[] {-2, -1}, new float[] {2, 4});

    private final TensorEngine engine = Engines.cpu();

    @ParameterizedTest
    @ValueSource(strings = {"plain", "masked", "continuous", "lstm", "gru"})
    void learnsAsWithTorch(String name) throws IOException {
        boolean discrete = !name.equals("continuous") && !name.equals("gru");
        JsonNode expected = reference().get(name);
        try (ReinforceLearner learner =
                new ReinforceLearner(engine, OBSERVATIONS, discrete ? DISCRETE : CONTINUOUS, settings(name), 1)) {
            start(learner);
            for (int update = 0; update < 3; update++) {
                JsonNode now = expected.get(update);
                boolean masked = name.equals("masked") || name.equals("lstm");
                LearningStep step = learner.learn(episodes(100 + 100 * update, discrete, masked), 0);
                near(figure(step, "loss"), now.get("loss"));
                near(-figure(step, "entropy_loss"), now.get("entropy"));
                near(figure(step, "gradient_norm"), now.get("norm"));
                if (update == 0) {
                    gradients(learner.state(), now, settings(name).maximumNorm());
                }
                near(learner.state().network("actor"), now.get("policy"));
                if (!name.equals("plain")) {
                    near(figure(step, "value_loss"), now.get("valueLoss"));
                    near(learner.state().network("baseline"), now.get("values"));
                }
            }
        }
    }

    /** After one step Adam's first moment is a tenth of the gradient, as it was clipped. */
    private static void gradients(LearnerState state, JsonNode expected, double maximumNorm) {
        float[] moments = state.optimizer("actor").first();
        double clipping = Math.min(1, maximumNorm / expected.get("norm").asDouble());
        List<ParameterValues.Entry> entries = new ArrayList<>();
        int from = 0;
        for (ParameterValues.Entry entry : state.network("actor").entries()) {
            float[] values = new float[entry.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (moments[from + i] * 10 / clipping);
            }
            entries.add(new ParameterValues.Entry(entry.name(), entry.shape(), values));
            from += values.length;
        }
        near(new ParameterValues(entries), expected.get("gradients"));
    }

    private static ReinforceSettings settings(String name) {
        Recurrence recurrence =
                switch (name) {
                    case "lstm" -> new Recurrence(Recurrence.Kind.LSTM, 7);
                    case "gru" -> new Recurrence(Recurrence.Kind.GRU, 7);
                    default -> Recurrence.NONE;
                };
        return new ReinforceSettings(
                NetworkSettings.of(8, 6),
                recurrence,
                name.equals("plain")
                        ? ReinforceSettings.Baseline.NONE
                        : new ReinforceSettings.Baseline(
                                ReinforceSettings.Baseline.Kind.NETWORK,
                                Schedule.constant(0.02),
                                name.equals("continuous") ? 2 : 1),
                Schedule.constant(0.01),
                0.9,
                name.equals("masked") ? 0.1 : Double.POSITIVE_INFINITY,
                Schedule.constant(0.05),
                !name.equals("plain") && !name.equals("lstm"),
                4,
                100,
                0);
    }

    /** The weights that the script starts from. */
    static void start(ReinforceLearner learner) {
        LearnerState state = learner.state();
        Map<String, ParameterValues> networks = new HashMap<>();
        state.parameters()
                .forEach((name, values) -> networks.put(name, byFormula(values, name.equals("actor") ? 0 : 50)));
        learner.restore(new LearnerState(networks, state.optimizers(), state.numbers()));
    }

    private static ParameterValues byFormula(ParameterValues like, int salt) {
        List<ParameterValues.Entry> entries = new ArrayList<>();
        for (ParameterValues.Entry entry : like.entries()) {
            double scale =
                    entry.shape().size() == 2 ? Math.sqrt(3.0 / entry.shape().get(1)) : 0.1;
            entries.add(new ParameterValues.Entry(
                    entry.name(), entry.shape(), Formula.fill(entry.size(), salt + entries.size(), scale)));
        }
        return new ParameterValues(entries);
    }

    /** The episodes that the script calls by this salt; the last two are cut. */
    static List<Episode> episodes(int salt, boolean discrete, boolean masked) {
        List<Episode> episodes = new ArrayList<>();
        for (int place = 0; place < LENGTHS.length; place++) {
            int at = salt + 10 * place;
            int length = LENGTHS[place];
            float[] observations = Formula.fill((length + 1) * OBSERVATIONS, at, 1);
            float[] rewards = Formula.fill(length, at + 2, 3);
            float[] numbers = Formula.fill(2 * length, at + 1, 0.99);
            Episode episode = new Episode(OBSERVATIONS, discrete ? 1 : 2);
            for (int step = 0; step < length; step++) {
                int index = (int) (Formula.number(step, at + 1) * ACTIONS);
                float[] action = discrete
                        ? new float[] {index}
                        : new float[] {-2 + (numbers[2 * step] + 1) / 2 * 4, -1 + (numbers[2 * step + 1] + 1) / 2 * 5};
                episode.add(row(observations, step), action, rewards[step], masked ? mask(step, at, index) : null);
            }
            if (place >= 2) {
                episode.cut(row(observations, length));
            }
            episodes.add(episode);
        }
        return episodes;
    }

    private static boolean @Nullable [] mask(int step, int at, int taken) {
        boolean[] mask = new boolean[ACTIONS];
        for (int action = 0; action < ACTIONS; action++) {
            mask[action] = action == taken || Formula.number((long) step * ACTIONS + action, at + 3) >= 0.4;
        }
        return mask;
    }

    static float[] row(float[] observations, int step) {
        float[] row = new float[OBSERVATIONS];
        System.arraycopy(observations, step * OBSERVATIONS, row, 0, OBSERVATIONS);
        return row;
    }

    private static double figure(LearningStep step, String name) {
        return Objects.requireNonNull(step.figures().get(name), name);
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

    private static JsonNode reference() throws IOException {
        try (InputStream file = ReinforceReferenceTest.class.getResourceAsStream("reinforce-reference.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(file));
        }
    }
}
