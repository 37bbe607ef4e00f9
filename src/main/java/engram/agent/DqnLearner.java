package engram.agent;

import engram.replay.Batch;
import engram.tensor.Adam;
import engram.tensor.AdamSettings;
import engram.tensor.Gradient;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import engram.tensor.TensorEngine;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A deep Q-network (Mnih et al., 2015) with a target network, as plain, double or dueling one. The gradient is that of the
 * mean loss over all rows, each times its importance weight.
 */
public final class DqnLearner implements Learner {
    static final String ONLINE = "online";
    private static final String TARGET = "target";
    private static final String RANDOM = "random";

    private final DqnSettings settings;
    private final QNetwork network;
    private final Scope scope;
    private final Parameters online;
    private final Parameters target;
    private final Adam adam;
    private final SeededRandom random;
    private @Nullable Policy policy;

    /**
     * @param engine where it computes; loads PyTorch
     * @param observations how many numbers an observation has, 1 or more
     * @param actions how many actions there are, 1 or more
     * @param seed of the first weights and of dropout
     */
    public DqnLearner(TensorEngine engine, int observations, int actions, DqnSettings settings, long seed) {
        this.settings = settings;
        this.network = new QNetwork(observations, actions, settings.network(), settings.dueling());
        this.random = new SeededRandom(seed);
        var initial = network.initial(random);
        this.scope = engine.scope();
        this.online = new Parameters(engine, initial);
        this.target = new Parameters(engine, initial);
        this.adam =
                new Adam(online, AdamSettings.of(settings.learningRate().at(0)).clippedTo(settings.maximumNorm()));
    }

    @Override
    public Policy policy() {
        Policy now = policy;
        if (now == null) {
            now = network.snapshot(online.values());
            policy = now;
        }
        return now;
    }

    @Override
    public double discount() {
        return settings.discount();
    }

    @Override
    public LearningStep learn(Batch local, @Nullable Batch memory, double done) {
        Rows rows = Rows.of(local, memory);
        double rate = settings.learningRate().at(done);
        try (Scope step = scope.open()) {
            Tensor observations = step.tensor(rows.observations(), rows.count(), network.observations());
            QError error = new QError(rows, returns(step, rows), settings.loss());
            double[] mean = new double[1];
            Gradient.of(() -> {
                Tensor values = network.forward(step, online, observations, Dropout.by(random));
                float[] numbers = values.toArray();
                mean[0] = error.measure(numbers, network.actions());
                // The loss whose gradient by the values is the one just computed: one product instead of a chain of
                // small
                // operations.
                return values.times(step.tensor(error.slopes(), rows.count(), network.actions()))
                        .sum();
            });
            double norm = online.gradientNorm();
            adam.step(rate);
            policy = null;
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("loss", error.loss(0, rows.count()));
            figures.put("loss_local", error.loss(0, rows.local()));
            if (rows.count() > rows.local()) {
                figures.put("loss_memory", error.loss(rows.local(), rows.count()));
            }
            figures.put("q_mean", mean[0]);
            figures.put("gradient_norm", norm);
            figures.put("learning_rate", rate);
            return new LearningStep(figures, error.sizes(0, rows.local()), error.sizes(rows.local(), rows.count()));
        }
    }

    /** What each row's value should be: reward + γⁿ · the value of the best next action, unless the episode ended there. */
    private double[] returns(Scope step, Rows rows) {
        int actions = network.actions();
        Tensor next = step.tensor(rows.nextObservations(), rows.count(), network.observations());
        float[] judged = network.forward(step, target, next, Dropout.NONE).toArray();
        float[] chosen = settings.doubleLearning()
                ? network.forward(step, online, next, Dropout.NONE).toArray()
                : judged;
        double[] returns = new double[rows.count()];
        for (int row = 0; row < returns.length; row++) {
            int from = row * actions;
            int best = Masks.highest(chosen, from, actions, rows.nextActionMasks(), from);
            returns[row] = rows.rewards()[row] + rows.discount(row, settings.discount()) * judged[from + best];
        }
        return returns;
    }

    @Override
    public void renewTarget() {
        target.blend(online, (float) settings.blend());
    }

    @Override
    public LearnerState state() {
        return new LearnerState(
                Map.of(ONLINE, online.values(), TARGET, target.values()),
                Map.of(ONLINE, adam.state()),
                Map.of(RANDOM, random.state()));
    }

    @Override
    public void restore(LearnerState state) {
        online.load(state.network(ONLINE));
        target.load(state.network(TARGET));
        adam.restore(state.optimizer(ONLINE));
        random.restore(state.number(RANDOM));
        policy = null;
    }

    @Override
    public void close() {
        online.close();
        target.close();
        scope.close();
    }
}
