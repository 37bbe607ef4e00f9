package engram.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import engram.environment.ActionSpace;
import engram.error.InvalidInput;
import engram.tensor.Engines;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.TensorEngine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** REINFORCE as an agent: acting without PyTorch, memory, masks and state. */
@Timeout(120)
class ReinforceTest {
    private static final ActionSpace TWO = new ActionSpace.Discrete(2);
    private static final ActionSpace BOX = new ActionSpace.Box(new float[] {-2, -1}, new float[] {2, 4});

    private final TensorEngine engine = Engines.cpu();

    @ParameterizedTest
    @EnumSource(Recurrence.Kind.class)
    void actsByTheProbabilitiesItLearnsBy(Recurrence.Kind kind) {
        for (boolean discrete : new boolean[] {true, false}) {
            ActionSpace actions = discrete ? new ActionSpace.Discrete(3) : BOX;
            ReinforceSettings settings = settings(kind, 4);
            ReinforceNetwork network = new ReinforceNetwork(5, actions, settings);
            var values = network.initial(new SeededRandom(3));
            List<Episode> episodes = ReinforceReferenceTest.episodes(100, discrete, discrete);
            EpisodeRows rows = EpisodeRows.of(episodes, 5, false);
            Policy policy = network.snapshot(values);
            try (Scope scope = engine.scope();
                    Parameters parameters = new Parameters(engine, values)) {
                float[] logarithms =
                        network.likelihood(scope, parameters, rows).logarithms().toArray();
                float[] outputs =
                        network.layers().forward(scope, parameters, rows).toArray();
                for (int place = 0; place < episodes.size(); place++) {
                    Episode episode = rows.episodes().get(place);
                    float[] carried = policy.start(new SeededRandom(1));
                    for (int step = 0; step < episode.length(); step++) {
                        float[] observation = new float[5];
                        episode.observation(step, observation, 0);
                        float[] taken = new float[actions.width()];
                        episode.action(step, taken, 0);
                        boolean[] mask = new boolean[3];
                        for (int action = 0; action < 3; action++) {
                            mask[action] = episode.allowed(step, action);
                        }
                        Decision decision =
                                policy.decide(observation, discrete ? mask : null, carried, 0, new SeededRandom(1));
                        int row = rows.row(place, step);
                        if (discrete) {
                            assertThat(Math.log(decision.values()[(int) taken[0]]))
                                    .isCloseTo(logarithms[row], within(1e-4));
                        } else {
                            assertThat(decision.action()[0])
                                    .isCloseTo((float) (2 * Math.tanh(outputs[2 * row])), within(1e-5f));
                        }
                    }
                }
            }
        }
    }

    /** The first observation says which of two actions is right at the end; in between there is nothing to see. */
    @ParameterizedTest
    @EnumSource(Recurrence.Kind.class)
    void remembersTheFirstObservationOnlyIfRecurrent(Recurrence.Kind kind) {
        try (Agent agent = agent(kind, 7)) {
            SeededRandom world = new SeededRandom(5);
            for (int episode = 0; episode < 1_500; episode++) {
                recall(agent, null, world);
            }
            double right = 0;
            for (int episode = 0; episode < 100; episode++) {
                right += recall(agent, agent.policy(), world);
            }
            if (kind == Recurrence.Kind.NONE) {
                assertThat(right).isBetween(20.0, 80.0);
            } else {
                assertThat(right).isGreaterThanOrEqualTo(99);
            }
        }
    }

    /** One episode; with a policy it is only asked for its best actions. */
    private static double recall(Agent agent, @Nullable Policy policy, SeededRandom world) {
        int sign = world.nextBoolean() ? 1 : 0;
        float[] carried = policy == null ? new float[0] : policy.start(world);
        for (int moment = 0; moment < 5; moment++) {
            float[] observation = {moment == 0 ? 2 * sign - 1 : 0, moment == 4 ? 1 : 0};
            Decision decision = policy == null
                    ? agent.explore(observation, null)
                    : policy.decide(observation, null, carried, 0, world);
            double reward = moment == 4 && decision.index() == sign ? 1 : 0;
            if (policy == null) {
                agent.observe(
                        new Experience(observation, decision.action(), reward, new float[2], moment == 4, false, null),
                        _ -> {});
            }
            if (moment == 4) {
                return reward;
            }
        }
        throw new AssertionError("unreachable");
    }

    /** One step an episode; the best action is the observation itself. */
    @Test
    void learnsContinuousActions() {
        try (Agent agent = Agents.make(engine, 1, BOX, with(settings(Recurrence.Kind.NONE, 20)), null, 3)) {
            SeededRandom world = new SeededRandom(5);
            for (int episode = 0; episode < 10_000; episode++) {
                float[] observation = {world.nextFloat()};
                Decision decision = agent.explore(observation, null);
                agent.observe(
                        new Experience(
                                observation,
                                decision.action(),
                                -distance(decision, observation),
                                new float[1],
                                true,
                                false,
                                null),
                        _ -> {});
            }
            for (float wanted = 0; wanted < 1; wanted += 0.125f) {
                float[] observation = {wanted};
                Decision best = agent.policy().decide(observation, null, new float[0], 0, world);
                assertThat(distance(best, observation)).isLessThan(0.1);
            }
        }
    }

    private static double distance(Decision decision, float[] observation) {
        double first = decision.action()[0] - observation[0];
        double second = decision.action()[1] - 3 * observation[0];
        return first * first + second * second;
    }

    @Test
    void neverTakesAnActionThatIsNotAllowed() {
        SeededRandom world = new SeededRandom(11);
        List<LearningStep> learned = new ArrayList<>();
        try (Agent agent =
                Agents.make(engine, 2, new ActionSpace.Discrete(4), with(settings(Recurrence.Kind.GRU, 2)), null, 3)) {
            boolean[] mask = mask(world);
            for (int step = 0; step < 2_000; step++) {
                float[] observation = {world.nextFloat(), world.nextFloat()};
                Decision decision = agent.explore(observation, mask);
                assertThat(mask[decision.index()]).isTrue();
                for (int action = 0; action < 4; action++) {
                    if (!mask[action]) {
                        assertThat(decision.values()[action]).isZero();
                    }
                }
                mask = mask(world);
                // The forbidden would pay best.
                agent.observe(
                        new Experience(
                                observation,
                                decision.action(),
                                decision.index(),
                                new float[2],
                                step % 7 == 6,
                                false,
                                mask),
                        learned::add);
            }
        }
        assertThat(learned).hasSizeGreaterThan(100).allSatisfy(step -> assertThat(step.figures())
                .allSatisfy((_, figure) -> assertThat(figure).isFinite().isLessThan(1e4)));
    }

    private static boolean[] mask(SeededRandom world) {
        boolean[] mask = new boolean[4];
        mask[world.nextInt(4)] = true;
        mask[world.nextInt(4)] = true;
        return mask;
    }

    @Test
    void goesOnBitForBitFromTheMiddleOfAnEpisode() throws IOException {
        byte[] whole;
        try (Agent agent = agent(Recurrence.Kind.LSTM, 7)) {
            SeededRandom world = new SeededRandom(5);
            live(agent, world, 0, 380);
            ByteArrayOutputStream middle = new ByteArrayOutputStream();
            write(agent, middle);
            long state = world.state();
            live(agent, world, 380, 700);
            whole = bytes(agent);
            try (Agent other = agent(Recurrence.Kind.LSTM, 8)) {
                DataInputStream in = new DataInputStream(new ByteArrayInputStream(middle.toByteArray()));
                for (StatePart part : other.parts()) {
                    part.read(in);
                }
                assertThat(bytes(other)).isEqualTo(middle.toByteArray());
                SeededRandom again = new SeededRandom(0);
                again.restore(state);
                live(other, again, 380, 700);
                assertThat(bytes(other)).isEqualTo(whole);
            }
        }
    }

    private static void live(Agent agent, SeededRandom world, int from, int until) {
        for (int step = from; step < until; step++) {
            float[] observation = {world.nextFloat(), world.nextFloat()};
            Decision decision = agent.explore(observation, null);
            boolean end = step % 11 == 10;
            agent.observe(
                    new Experience(
                            observation,
                            decision.action(),
                            observation[0] * decision.action()[0],
                            new float[] {step, 1},
                            end && step % 2 == 0,
                            end && step % 2 == 1,
                            null),
                    _ -> {});
        }
    }

    @Test
    void forgetsAnEpisodeThatBrokeOffAndCutsOneThatIsTooLong() {
        List<LearningStep> learned = new ArrayList<>();
        ReinforceSettings settings = settings(Recurrence.Kind.NONE, 2);
        try (Agent agent = Agents.make(engine, 2, TWO, with(settings), null, 3)) {
            for (int step = 0; step < 2 * settings.longest(); step++) {
                agent.observe(
                        new Experience(new float[2], new float[1], 1, new float[2], false, false, null), learned::add);
                if (step == 3) {
                    agent.breakOff();
                }
            }
            assertThat(learned).isEmpty();
            for (int step = 0; step < 4; step++) {
                agent.observe(
                        new Experience(new float[2], new float[1], 1, new float[2], false, false, null), learned::add);
            }
            assertThat(learned).hasSize(1);
        }
    }

    @Test
    void readsThePolicyWithoutTheLearner() throws IOException {
        for (ActionSpace actions : List.of(TWO, BOX)) {
            AgentSettings settings = with(settings(Recurrence.Kind.GRU, 2));
            try (Agent agent = Agents.make(engine, 2, actions, settings, null, 3)) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                agent.parts().getFirst().write(new DataOutputStream(bytes));
                Policy read = Agents.policy(
                        2, actions, settings, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
                float[] carried = read.start(new SeededRandom(1));
                float[] same = agent.policy().start(new SeededRandom(1));
                for (int step = 0; step < 3; step++) {
                    float[] observation = {step, 1};
                    Decision decision = read.decide(observation, null, carried, 1, new SeededRandom(step));
                    assertThat(decision.action())
                            .isEqualTo(agent.policy()
                                    .decide(observation, null, same, 1, new SeededRandom(step))
                                    .action());
                }
            }
        }
    }

    @Test
    void refusesDropout() {
        assertThatThrownBy(() -> new ReinforceSettings(
                        NetworkSettings.deep(),
                        Recurrence.NONE,
                        ReinforceSettings.Baseline.NONE,
                        Schedule.constant(0.01),
                        0.9,
                        1,
                        Schedule.constant(0),
                        true,
                        1,
                        10,
                        0))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("network.dropout");
    }

    private Agent agent(Recurrence.Kind kind, long seed) {
        return Agents.make(engine, 2, TWO, with(settings(kind, 10)), null, seed);
    }

    private static AgentSettings with(ReinforceSettings settings) {
        AgentSettings defaults = AgentSettings.defaults(AgentSettings.Algorithm.REINFORCE);
        return new AgentSettings(settings, defaults.plan(), defaults.replay(), defaults.memory());
    }

    private static ReinforceSettings settings(Recurrence.Kind kind, int episodes) {
        return new ReinforceSettings(
                NetworkSettings.of(16),
                new Recurrence(kind, 16),
                new ReinforceSettings.Baseline(ReinforceSettings.Baseline.Kind.NETWORK, Schedule.constant(0.01), 1),
                Schedule.constant(0.01),
                0.99,
                1,
                Schedule.constant(0.01),
                true,
                episodes,
                50,
                -0.5);
    }

    private static byte[] bytes(Agent agent) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(agent, bytes);
        return bytes.toByteArray();
    }

    private static void write(Agent agent, ByteArrayOutputStream bytes) throws IOException {
        for (StatePart part : agent.parts()) {
            part.write(new DataOutputStream(bytes));
        }
    }
}
