package engram.agent;

import engram.encoder.StateNormalizer;
import engram.environment.ActionSpace;
import engram.tensor.Adam;
import engram.tensor.AdamSettings;
import engram.tensor.AdamState;
import engram.tensor.Gradient;
import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import engram.tensor.TensorEngine;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * REINFORCE (Williams, 1992): makes actions more likely by how much better than expected the return was that followed
 * them. It learns from whole episodes in which the policy itself acted, on PyTorch, and belongs to one platform thread,
 * its {@link #policy} to all. The same seed, episodes and calls give the same numbers bit for bit on the CPU.
 */
public final class ReinforceLearner implements AutoCloseable {
    static final String ACTOR = "actor";
    private static final String BASELINE = "baseline";
    private static final double SMALL = 1e-8;

    private final ReinforceSettings settings;
    private final int observations;
    private final @Nullable ObservationEncoding encoding;
    private final ReinforceNetwork network;
    private final Scope scope;
    private final Parameters actor;
    private final Adam adam;
    private final @Nullable ValueBaseline baseline;
    private @Nullable Policy policy;

    /**
     * @param engine where it computes; loads PyTorch
     * @param observations how many numbers an observation has, 1 or more
     * @param actions what may be done
     * @param seed of the first weights
     */
    public ReinforceLearner(
            TensorEngine engine, int observations, ActionSpace actions, ReinforceSettings settings, long seed) {
        this(engine, observations, actions, settings, null, seed);
    }

    /** @param encoding what its network sees instead of observations; null for the observations themselves */
    ReinforceLearner(
            TensorEngine engine,
            int observations,
            ActionSpace actions,
            ReinforceSettings settings,
            @Nullable ObservationEncoding encoding,
            long seed) {
        int seen = encoding == null ? observations : StateNormalizer.WIDTH;
        this.settings = settings;
        this.observations = observations;
        this.encoding = encoding;
        this.network = new ReinforceNetwork(seen, actions, settings);
        SeededRandom random = new SeededRandom(seed);
        this.scope = engine.scope();
        this.actor = new Parameters(engine, network.initial(random));
        this.adam =
                new Adam(actor, AdamSettings.of(settings.learningRate().at(0)).clippedTo(settings.maximumNorm()));
        this.baseline = settings.baseline().kind() == ReinforceSettings.Baseline.Kind.NONE
                ? null
                : new ValueBaseline(engine, seen, settings, random);
    }

    /** How many numbers an observation has. */
    int observations() {
        return observations;
    }

    /** Tells what the agent saw, step by step. */
    void seen(float[] observation) {
        if (encoding != null) {
            StateNormalizer before = encoding.normalizer();
            encoding.seen(observation);
            // Episodes that wait were lived through with the encoding before; they are learned from all the same.
            policy = before == encoding.normalizer() ? policy : null;
        }
    }

    /** How observations are brought to its network; empty where it sees them as they are. */
    Optional<NormalizerReport> normalizer() {
        return Optional.ofNullable(encoding).map(ObservationEncoding::report);
    }

    ReinforceSettings settings() {
        return settings;
    }

    /** What it has learned so far; the same object until it learns again. */
    public Policy policy() {
        Policy now = policy;
        if (now == null) {
            now = network.snapshot(actor);
            now = encoding == null ? now : new NormalizedPolicy(encoding.normalizer(), now);
            policy = now;
        }
        return now;
    }

    /**
     * Takes one step of gradient descent for the policy, and as many as the settings say for the baseline.
     *
     * @param episodes at least one, each of at least one step
     * @param done the share of the training that is done, in [0,1], for schedules
     */
    LearningStep learn(List<Episode> episodes, double done) {
        EpisodeRows rows = rows(episodes, false);
        double rate = settings.learningRate().at(done);
        Map<String, Double> figures = new LinkedHashMap<>();
        float[] returns;
        float[] expected;
        if (baseline == null) {
            returns = rows.returns(settings.discount(), null, rows);
            expected = new float[returns.length];
        } else {
            EpisodeRows judged = rows(episodes, true);
            try (Scope step = scope.open()) {
                float[] values = baseline.values(step, judged);
                returns = rows.returns(settings.discount(), values, judged);
                expected = rows.within(judged, values);
            }
            figures.put("value_loss", baseline.learn(scope, rows, returns, done));
        }
        try (Scope step = scope.open()) {
            double[] parts = new double[2];
            Tensor advantages = step.tensor(advantages(returns, expected), rows.count(), 1);
            double entropyWorth = settings.entropy().at(done);
            double loss = Gradient.of(() -> {
                        ReinforceNetwork.Likelihood likelihood = network.likelihood(step, actor, rows);
                        Tensor gained =
                                likelihood.logarithms().times(advantages).mean();
                        Tensor entropy = likelihood.entropies().mean();
                        parts[0] = -gained.item();
                        parts[1] = -entropy.item();
                        return gained.plus(entropy.times(entropyWorth)).negate();
                    })
                    .item();
            figures.put("loss", loss);
            figures.put("policy_gradient_loss", parts[0]);
            figures.put("entropy_loss", parts[1]);
        }
        figures.put("gradient_norm", actor.gradientNorm());
        figures.put("learning_rate", rate);
        adam.step(rate);
        policy = null;
        if (encoding != null) {
            encoding.addTo(figures);
        }
        return new LearningStep(figures, new float[0], new float[0]);
    }

    private EpisodeRows rows(List<Episode> episodes, boolean extended) {
        EpisodeRows rows = EpisodeRows.of(episodes, observations, extended);
        return encoding == null ? rows : rows.encoded(encoding.normalizer());
    }

    private float[] advantages(float[] returns, float[] expected) {
        float[] advantages = new float[returns.length];
        double sum = 0;
        for (int row = 0; row < returns.length; row++) {
            advantages[row] = returns[row] - expected[row];
            sum += advantages[row];
        }
        if (settings.normalized()) {
            double mean = sum / advantages.length;
            double squares = 0;
            for (float advantage : advantages) {
                squares += (advantage - mean) * (advantage - mean);
            }
            double deviation = Math.sqrt(squares / advantages.length) + SMALL;
            for (int row = 0; row < advantages.length; row++) {
                advantages[row] = (float) ((advantages[row] - mean) / deviation);
            }
        }
        return advantages;
    }

    /** A copy of all that is needed to go on later. */
    LearnerState state() {
        Map<String, ParameterValues> networks = new HashMap<>(Map.of(ACTOR, actor.values()));
        Map<String, AdamState> optimizers = new HashMap<>(Map.of(ACTOR, adam.state()));
        if (baseline != null) {
            networks.put(BASELINE, baseline.parameters());
            optimizers.put(BASELINE, baseline.optimizer());
        }
        LearnerState state = new LearnerState(networks, optimizers, Map.of());
        return encoding == null ? state : encoding.addTo(state);
    }

    /**
     * Goes on from an earlier state.
     *
     * @throws engram.error.InvalidInput if it belongs to a learner of another kind
     */
    void restore(LearnerState state) {
        if (encoding != null) {
            encoding.restore(state.network(ObservationEncoding.PART));
        }
        actor.load(state.network(ACTOR));
        adam.restore(state.optimizer(ACTOR));
        if (baseline != null) {
            baseline.restore(state.network(BASELINE), state.optimizer(BASELINE));
        }
        policy = null;
    }

    /** Frees the native memory. Policies handed out stay usable. */
    @Override
    public void close() {
        actor.close();
        if (baseline != null) {
            baseline.close();
        }
        scope.close();
    }
}
