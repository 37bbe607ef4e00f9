package engram.agent;

import engram.replay.Batch;
import engram.tensor.Adam;
import engram.tensor.AdamSettings;
import engram.tensor.Parameters;
import engram.tensor.Scope;
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
    private final QPass onlinePass;
    private final QPass targetPass;
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
        this.online = Parameters.byHand(initial);
        this.target = Parameters.byHand(initial);
        this.onlinePass = new QPass(engine, network, online);
        this.targetPass = new QPass(engine, network, target);
        this.adam =
                new Adam(online, AdamSettings.of(settings.learningRate().at(0)).clippedTo(settings.maximumNorm()));
    }

    @Override
    public Policy policy() {
        Policy now = policy;
        if (now == null) {
            now = network.snapshot(online);
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
        try (Scope _ = scope.open()) {
            QError error = new QError(rows, returns(rows), settings.loss());
            float[] values = onlinePass.values(rows.observations(), Dropout.by(random));
            double mean = error.measure(values, network.actions());
            onlinePass.learn(error.slopes());
            double norm = online.gradientNorm();
            adam.step(rate, norm);
            policy = null;
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("loss", error.loss(0, rows.count()));
            figures.put("loss_local", error.loss(0, rows.local()));
            if (rows.count() > rows.local()) {
                figures.put("loss_memory", error.loss(rows.local(), rows.count()));
            }
            figures.put("q_mean", mean);
            figures.put("gradient_norm", norm);
            figures.put("learning_rate", rate);
            return new LearningStep(figures, error.sizes(0, rows.local()), error.sizes(rows.local(), rows.count()));
        }
    }

    /** What each row's value should be: reward + γⁿ · the value of the best next action, unless the episode ended there. */
    private double[] returns(Rows rows) {
        int actions = network.actions();
        float[] judged = targetPass.values(rows.nextObservations(), Dropout.NONE);
        float[] chosen = settings.doubleLearning() ? onlinePass.values(rows.nextObservations(), Dropout.NONE) : judged;
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
        onlinePass.close();
        targetPass.close();
        online.close();
        target.close();
        scope.close();
    }
}
