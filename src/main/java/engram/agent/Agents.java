package engram.agent;

import engram.encoder.StateNormalizer;
import engram.environment.ActionSpace;
import engram.error.InvalidInput;
import engram.replay.Table;
import engram.replay.TableSettings;
import engram.replay.TransitionShape;
import engram.tensor.TensorEngine;
import java.io.DataInput;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes agents. From nothing to a trained policy:
 *
 * {@snippet :
 * TensorEngine engine = new TensorEngine(new TensorSettings(DeviceChoice.CPU, 1));
 * try (Environment world = Environments.make("CartPole-v1");
 *         Agent agent = Agents.make(engine, world.observations().width(), world.actions(),
 *                 Agents.tunedFor("CartPole-v1").orElseThrow(), null, 42)) {
 *     new Trainer(agent, world, Environments.make("CartPole-v1"), TrainingSettings.of(50_000, 42), null,
 *             event -> System.out.println(event), new Pause()).train(Progress.unobserved());
 *     Decision decision = agent.policy().decide(observation, null, new float[0], 0, new SeededRandom(1));
 * }
 * }
 */
public final class Agents {
    private Agents() {}

    /**
     * An agent that has learned nothing yet.
     *
     * @param engine where it computes; loads PyTorch
     * @param observations how many numbers an observation has, 1 or more
     * @param memory where transitions of others come from; null for none. REINFORCE only tells it what it lives
     *     through: it learns from what its own policy did
     * @param seed of all chance
     * @throws InvalidInput if the algorithm cannot choose among such actions
     */
    public static Agent make(
            TensorEngine engine,
            int observations,
            ActionSpace actions,
            AgentSettings settings,
            @Nullable MemoryBatches memory,
            long seed) {
        return make(engine, observations, actions, settings, memory, null, seed);
    }

    /**
     * The same, of an agent that may take up the state normaliser of its environment.
     *
     * @param normalizers where those are kept; null for an agent that trains one for itself
     */
    public static Agent make(
            TensorEngine engine,
            int observations,
            ActionSpace actions,
            AgentSettings settings,
            @Nullable MemoryBatches memory,
            @Nullable NormalizerShelf normalizers,
            long seed) {
        SeededRandom seeds = new SeededRandom(seed);
        long learning = seeds.nextLong();
        ObservationEncoding encoding = settings.normalizer().kind() == NormalizerUse.Kind.NONE
                ? null
                : new ObservationEncoding(engine, observations, settings.normalizer(), normalizers);
        if (settings.learner() instanceof ReinforceSettings reinforce) {
            return new EpisodicAgent(
                    new ReinforceLearner(engine, observations, actions, reinforce, encoding, learning),
                    actions,
                    memory,
                    settings.plan().horizon(),
                    seeds.nextLong());
        }
        Learner learner = encoding == null
                ? learner(engine, observations, actions, settings, learning)
                : new NormalizedLearner(learner(engine, StateNormalizer.WIDTH, actions, settings, learning), encoding);
        return new OffPolicyAgent(
                learner, actions, table(observations, actions, settings), settings.plan(), memory, seeds.nextLong());
    }

    /**
     * What an agent had learned, from the part named {@code learner} of its state; needs no PyTorch.
     *
     * @param state as the part wrote it
     * @throws engram.error.Damaged if it is something else
     * @throws InvalidInput if it belongs to an agent of another kind or shape
     */
    public static Policy policy(int observations, ActionSpace actions, AgentSettings settings, DataInput state)
            throws IOException {
        LearnerState learner = LearnerStateFormat.read(state);
        if (settings.normalizer().kind() == NormalizerUse.Kind.NONE) {
            return policy(observations, actions, settings, learner);
        }
        return new NormalizedPolicy(
                ObservationEncoding.read(learner.network(ObservationEncoding.PART), observations),
                policy(StateNormalizer.WIDTH, actions, settings, learner));
    }

    private static Policy policy(int observations, ActionSpace actions, AgentSettings settings, LearnerState learner) {
        return switch (settings.learner()) {
            case DqnSettings dqn
            when actions instanceof ActionSpace.Discrete(int count) ->
                new QNetwork(observations, count, dqn.network(), dqn.dueling())
                        .snapshot(learner.network(DqnLearner.ONLINE));
            case SacSettings sac
            when actions instanceof ActionSpace.Box box ->
                new ActorNetwork(observations, box.width(), sac)
                        .snapshot(learner.network(SacLearner.ACTOR), new ActionRange(box.low(), box.high()));
            case ReinforceSettings reinforce ->
                new ReinforceNetwork(observations, actions, reinforce)
                        .snapshot(learner.network(ReinforceLearner.ACTOR));
            case DqnSettings _, SacSettings _ -> throw unsuited(settings.algorithm(), actions);
        };
    }

    /** Settings that are known to solve a task; empty if none are known. */
    public static Optional<AgentSettings> tunedFor(String environment) {
        return TunedSettings.of(environment);
    }

    /** How wide the transitions of such an agent are. */
    public static TransitionShape shape(int observations, ActionSpace actions) {
        int masks = actions instanceof ActionSpace.Discrete(int count) ? count : 0;
        return new TransitionShape(observations, actions.width(), masks);
    }

    /** What suits actions of a kind. */
    public static AgentSettings.Algorithm suitedTo(ActionSpace actions) {
        return switch (actions) {
            case ActionSpace.Discrete _ -> AgentSettings.Algorithm.DQN;
            case ActionSpace.Box _ -> AgentSettings.Algorithm.SAC;
        };
    }

    /**
     * Makes sure that an algorithm can choose among such actions.
     *
     * @throws InvalidInput naming {@code algorithm} if not
     */
    public static void requireSuited(AgentSettings.Algorithm algorithm, ActionSpace actions) {
        boolean suited =
                switch (algorithm) {
                    case DQN -> actions instanceof ActionSpace.Discrete;
                    case SAC -> actions instanceof ActionSpace.Box;
                    case REINFORCE -> true;
                };
        if (!suited) {
            throw unsuited(algorithm, actions);
        }
    }

    private static Learner learner(
            TensorEngine engine, int observations, ActionSpace actions, AgentSettings settings, long seed) {
        return switch (settings.learner()) {
            case DqnSettings dqn
            when actions instanceof ActionSpace.Discrete(int count) ->
                new DqnLearner(engine, observations, count, dqn, seed);
            case SacSettings sac
            when actions instanceof ActionSpace.Box box -> new SacLearner(engine, observations, box, sac, seed);
            case DqnSettings _, SacSettings _, ReinforceSettings _ -> throw unsuited(settings.algorithm(), actions);
        };
    }

    private static InvalidInput unsuited(AgentSettings.Algorithm algorithm, ActionSpace actions) {
        return new InvalidInput(
                "algorithm",
                "is " + algorithm.jsonName() + ", but " + suitedTo(actions).jsonName()
                        + " or reinforce suit these actions");
    }

    private static Table table(int observations, ActionSpace actions, AgentSettings settings) {
        TransitionShape shape = shape(observations, actions);
        int capacity = settings.replay().capacity();
        double priority = settings.replay().priority();
        return Table.inMemory(
                priority == 0
                        ? TableSettings.uniform(shape, capacity)
                        : TableSettings.prioritized(shape, capacity, priority));
    }
}
