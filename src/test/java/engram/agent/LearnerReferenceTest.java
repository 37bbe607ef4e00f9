package engram.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.agent.SacSettings.SmoothExploration;
import engram.environment.ActionSpace;
import engram.replay.Batch;
import engram.replay.TransitionShape;
import engram.tensor.Engines;
import engram.tensor.Formula;
import engram.tensor.ParameterValues;
import engram.tensor.TensorEngine;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PyTorch computes from the same weights, batches and noise; see {@code src/test/python/learner_reference.py}. */
class LearnerReferenceTest {
    private static final int OBSERVATIONS = 5;
    private static final int ACTIONS = 3;
    private static final int LOCAL = 6;
    private static final int ROWS = 10;
    private static final double RATE = 0.01;
    private static final double DISCOUNT = 0.9;
    private static final double BLEND = 0.25;
    private static final NetworkSettings NETWORK = NetworkSettings.of(8, 6);

    private final TensorEngine engine = Engines.cpu();

    @ParameterizedTest
    @ValueSource(strings = {"plain", "double", "dueling", "clipped"})
    void deepQNetworksLearnAsWithTorch(String name) throws IOException {
        DqnSettings settings = new DqnSettings(
                NETWORK,
                name.equals("double") || name.equals("dueling"),
                name.equals("dueling"),
                name.equals("dueling") || name.equals("clipped") ? QLoss.SQUARED : QLoss.HUBER,
                Schedule.constant(RATE),
                DISCOUNT,
                name.equals("clipped") ? 0.5 : Double.POSITIVE_INFINITY,
                BLEND);
        JsonNode expected = reference().at("/dqn/" + name + "/updates");
        try (DqnLearner learner = new DqnLearner(engine, OBSERVATIONS, ACTIONS, settings, 1)) {
            LearnerState start = learner.state();
            learner.restore(new LearnerState(
                    Map.of(
                            "online", byFormula(start.network("online"), 0),
                            "target", byFormula(start.network("target"), 50)),
                    start.optimizers(),
                    start.numbers()));
            for (int update = 0; update < 3; update++) {
                JsonNode now = expected.get(update);
                LearningStep step = learner.learn(
                        batch(true, 100 + 10 * update, 0, LOCAL), batch(true, 100 + 10 * update, LOCAL, ROWS), 0);
                learner.renewTarget();
                near(figure(step, "loss"), now.get("loss"));
                near(figure(step, "loss_local"), now.get("local"));
                near(figure(step, "loss_memory"), now.get("memory"));
                near(figure(step, "gradient_norm"), now.get("norm"));
                for (int row = 0; row < ROWS; row++) {
                    float error = row < LOCAL ? step.errors()[row] : step.memoryErrors()[row - LOCAL];
                    near(error, now.get("errors").get(row));
                }
                near(learner.state().network("online"), now.get("after"));
                near(learner.state().network("target"), now.get("target"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tuned", "smooth"})
    void softActorCriticLearnsAsWithTorch(String name) throws IOException {
        boolean smooth = name.equals("smooth");
        SacSettings settings = new SacSettings(
                NETWORK,
                Schedule.constant(RATE),
                DISCOUNT,
                BLEND,
                Double.POSITIVE_INFINITY,
                0.5,
                !smooth,
                smooth ? new SmoothExploration(true, -1, 4) : SmoothExploration.NONE);
        JsonNode expected = reference().at("/sac/" + name + "/updates");
        ActionSpace.Box actions = new ActionSpace.Box(new float[] {-2, -1}, new float[] {2, 4});
        AtomicLong draws = new AtomicLong(1000);
        SacLearner.Normals normals = count -> Formula.fill(count, draws.getAndIncrement(), 1.5);
        try (SacLearner learner =
                new SacLearner(engine, OBSERVATIONS, actions, settings, new SeededRandom(1), normals)) {
            LearnerState start = learner.state();
            learner.restore(new LearnerState(
                    Map.of(
                            "actor", byFormula(start.network("actor"), 0),
                            "critics", byFormula(start.network("critics"), 50),
                            "targets", byFormula(start.network("targets"), 80)),
                    start.optimizers(),
                    start.numbers()));
            for (int update = 0; update < 3; update++) {
                JsonNode now = expected.get(update);
                LearningStep step = learner.learn(
                        batch(false, 200 + 10 * update, 0, LOCAL), batch(false, 200 + 10 * update, LOCAL, ROWS), 0);
                learner.renewTarget();
                near(figure(step, "loss"), now.get("loss"));
                near(figure(step, "actor_loss"), now.get("actorLoss"));
                near(figure(step, "ent_coef"), now.get("alpha"));
                near(learner.state().network("critics"), now.get("critics"));
                near(learner.state().network("actor"), now.get("actor"));
                near(learner.state().network("targets"), now.get("targets"));
            }
        }
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

    /** The rows {@code from} to before {@code to} of the batch that the script calls by this salt. */
    private static Batch batch(boolean discrete, int salt, int from, int to) {
        int actionWidth = discrete ? 1 : 2;
        float[] observations = Formula.fill(ROWS * OBSERVATIONS, salt, 1);
        float[] actions = Formula.fill(ROWS * actionWidth, salt + 1, 1.5);
        float[] rewards = Formula.fill(ROWS, salt + 2, 3);
        float[] next = Formula.fill(ROWS * OBSERVATIONS, salt + 3, 1);
        Batch batch = new Batch(TransitionShape.of(OBSERVATIONS, actionWidth), to - from);
        batch.resize(to - from);
        for (int row = from; row < to; row++) {
            int into = row - from;
            System.arraycopy(observations, row * OBSERVATIONS, batch.observations(), into * OBSERVATIONS, OBSERVATIONS);
            System.arraycopy(next, row * OBSERVATIONS, batch.nextObservations(), into * OBSERVATIONS, OBSERVATIONS);
            for (int i = 0; i < actionWidth; i++) {
                batch.actions()[into * actionWidth + i] =
                        discrete ? (int) (Formula.number(row, salt + 1) * ACTIONS) : actions[row * actionWidth + i];
            }
            batch.rewards()[into] = rewards[row];
            batch.terminated()[into] = Formula.number(row, salt + 4) < 0.3;
            batch.steps()[into] = 1 + (int) (Formula.number(row, salt + 5) * 3);
            batch.weights()[into] = (float) (0.25 + 0.75 * Formula.number(row, salt + 6));
        }
        return batch;
    }

    private static JsonNode reference() throws IOException {
        try (InputStream file = LearnerReferenceTest.class.getResourceAsStream("learner-reference.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(file));
        }
    }
}
