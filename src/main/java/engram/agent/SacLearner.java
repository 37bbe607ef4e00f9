package engram.agent;

import engram.environment.ActionSpace;
import engram.replay.Batch;
import engram.tensor.Adam;
import engram.tensor.AdamSettings;
import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.TensorEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Soft actor-critic (Haarnoja et al., 2018) with two critics, for continuous actions. */
public final class SacLearner implements Learner {
    static final String ACTOR = "actor";
    private static final String CRITICS = "critics";
    private static final String TARGETS = "targets";
    private static final String TEMPERATURE = "temperature";
    private static final String RANDOM = "random";

    private final SacSettings settings;
    private final ActionRange range;
    private final ActorNetwork network;
    private final Scope scope;
    private final Parameters actor;
    private final Parameters critic;
    private final Parameters target;
    private final ActorPass actorPass;
    private final CriticPass criticPass;
    private final CriticPass targetPass;
    private final Adam actorAdam;
    private final Adam criticAdam;
    private final Temperature temperature;
    private final SeededRandom random;
    private final Normals normals;
    private @Nullable Policy policy;

    /**
     * @param engine where it computes; loads PyTorch
     * @param observations how many numbers an observation has, 1 or more
     * @param actions what may be done, with finite bounds
     * @param seed of the first weights and of the actions drawn in learning
     */
    public SacLearner(TensorEngine engine, int observations, ActionSpace.Box actions, SacSettings settings, long seed) {
        this(engine, observations, actions, settings, new SeededRandom(seed), null);
    }

    SacLearner(
            TensorEngine engine,
            int observations,
            ActionSpace.Box actions,
            SacSettings settings,
            SeededRandom random,
            @Nullable Normals normals) {
        this.settings = settings;
        this.range = new ActionRange(actions.low(), actions.high());
        this.network = new ActorNetwork(observations, range.width(), settings);
        List<DenseLayers> critics = List.of(critic("first", observations), critic("second", observations));
        this.random = random;
        this.normals = normals == null ? this::drawn : normals;
        ParameterValues actorValues = network.initial(random);
        List<ParameterValues.Entry> entries = new ArrayList<>();
        critics.forEach(layers -> entries.addAll(layers.initial(random)));
        ParameterValues criticValues = new ParameterValues(entries);
        this.scope = engine.scope();
        this.actor = Parameters.byHand(actorValues);
        this.critic = Parameters.byHand(criticValues);
        this.target = Parameters.byHand(criticValues);
        this.actorPass = new ActorPass(engine, network, actor);
        this.criticPass = new CriticPass(engine, critics, critic, observations);
        this.targetPass = new CriticPass(engine, critics, target, observations);
        AdamSettings adam = AdamSettings.of(settings.learningRate().at(0)).clippedTo(settings.maximumNorm());
        this.actorAdam = new Adam(actor, adam);
        this.criticAdam = new Adam(critic, adam);
        this.temperature = new Temperature(settings.temperature(), settings.temperatureTuned(), -range.width());
    }

    private DenseLayers critic(String name, int observations) {
        return new DenseLayers(name, observations + range.width(), settings.network(), 1);
    }

    @Override
    public Policy policy() {
        Policy now = policy;
        if (now == null) {
            now = network.snapshot(actor, range);
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
        double alpha = temperature.value();
        try (Scope _ = scope.open()) {
            CriticError error = judge(rows, alpha);
            double norm = critic.gradientNorm();
            criticAdam.step(rate, norm);
            ActorPass.Sample drawn = actorPass.draw(rows.observations(), normals.draw(network.noise(rows.count())));
            double logDensity = Arrays.stream(drawn.logDensity()).average().orElseThrow();
            CriticPass.Worth worth = criticPass.worth(rows.observations(), drawn.actions());
            double actorLoss = alpha * logDensity - worth.mean();
            actorPass.learn(alpha, criticPass.slopesByActions(worth));
            actorAdam.step(rate);
            temperature.learn(logDensity, rate);
            policy = null;
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("loss", error.loss(0, rows.count()));
            figures.put("loss_local", error.loss(0, rows.local()));
            if (rows.count() > rows.local()) {
                figures.put("loss_memory", error.loss(rows.local(), rows.count()));
            }
            figures.put("critic_loss", error.loss(0, rows.count()));
            figures.put("actor_loss", actorLoss);
            figures.put("ent_coef", alpha);
            figures.put("gradient_norm", norm);
            figures.put("learning_rate", rate);
            return new LearningStep(figures, error.sizes(0, rows.local()), error.sizes(rows.local(), rows.count()));
        }
    }

    /** Computes the gradients of both critics. */
    private CriticError judge(Rows rows, double alpha) {
        CriticError error = new CriticError(rows, returns(rows, alpha));
        float[][] said = criticPass.values(rows.observations(), range.narrow(rows.actions()), Dropout.by(random));
        error.measure(said[0], said[1]);
        criticPass.learn(error.slopes(0), error.slopes(1));
        return error;
    }

    private double[] returns(Rows rows, double alpha) {
        ActorPass.Sample drawn = actorPass.draw(rows.nextObservations(), normals.draw(network.noise(rows.count())));
        float[] values =
                targetPass.worth(rows.nextObservations(), drawn.actions()).lowest();
        double[] returns = new double[rows.count()];
        for (int row = 0; row < returns.length; row++) {
            returns[row] = rows.rewards()[row]
                    + rows.discount(row, settings.discount()) * (values[row] - alpha * drawn.logDensity()[row]);
        }
        return returns;
    }

    private float[] drawn(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    @Override
    public void renewTarget() {
        target.blend(critic, (float) settings.blend());
    }

    @Override
    public LearnerState state() {
        return new LearnerState(
                Map.of(ACTOR, actor.values(), CRITICS, critic.values(), TARGETS, target.values()),
                Map.of(ACTOR, actorAdam.state(), CRITICS, criticAdam.state(), TEMPERATURE, temperature.state()),
                Map.of(RANDOM, random.state(), TEMPERATURE, temperature.bits()));
    }

    @Override
    public void restore(LearnerState state) {
        actor.load(state.network(ACTOR));
        critic.load(state.network(CRITICS));
        target.load(state.network(TARGETS));
        actorAdam.restore(state.optimizer(ACTOR));
        criticAdam.restore(state.optimizer(CRITICS));
        temperature.restore(state.number(TEMPERATURE), state.optimizer(TEMPERATURE));
        random.restore(state.number(RANDOM));
        policy = null;
    }

    @Override
    public void close() {
        actorPass.close();
        criticPass.close();
        targetPass.close();
        actor.close();
        critic.close();
        target.close();
        scope.close();
    }

    /** Where numbers of the standard normal distribution come from. */
    @FunctionalInterface
    interface Normals {
        float[] draw(int count);
    }
}
