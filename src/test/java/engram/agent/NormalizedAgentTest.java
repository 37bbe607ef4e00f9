package engram.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import engram.agent.AgentSettings.Algorithm;
import engram.encoder.NormalizerFiles;
import engram.environment.ActionSpace;
import engram.environment.ObservationSpace;
import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.tensor.Engines;
import engram.tensor.TensorEngine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Agents whose networks see encoded observations. */
@Timeout(120)
class NormalizedAgentTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WIDTH = 3;
    private static final ObservationSpace SPACE = new ObservationSpace(new float[3], new float[] {1, 100, 1});

    private final TensorEngine engine = Engines.cpu();

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void goesOnBitForBitBeforeAndAfterTheTraining(Algorithm algorithm) throws IOException {
        AgentSettings settings = settings(algorithm, "vae");
        for (int middle : new int[] {60, 150}) {
            try (Agent agent = agent(settings, 7);
                    Agent other = agent(settings, 8)) {
                SeededRandom world = new SeededRandom(5);
                List<LearningStep> learned = new ArrayList<>();
                live(agent, world, 0, middle, learned);
                byte[] then = bytes(agent);
                long state = world.state();
                live(agent, world, middle, 240, learned);
                read(other, then);
                assertThat(bytes(other)).isEqualTo(then);
                SeededRandom again = new SeededRandom(0);
                again.restore(state);
                live(other, again, middle, 240, learned);
                assertThat(bytes(other)).isEqualTo(bytes(agent));
                assertThat(learned.getLast().figures())
                        .containsKeys(
                                "normalizer_training_error", "normalizer_held_out_error", "normalizer_recent_error");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void actsWithoutTorchAsTheLearnerDoes(Algorithm algorithm) throws IOException {
        for (String kind : List.of("linear", "vae")) {
            AgentSettings settings = settings(algorithm, kind);
            try (Agent agent = agent(settings, 7)) {
                SeededRandom world = new SeededRandom(5);
                Policy before = agent.policy();
                live(agent, world, 0, 150, new ArrayList<>());
                assertThat(before.observationWidth()).isEqualTo(WIDTH);
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                agent.parts().getFirst().write(new DataOutputStream(bytes));
                Policy read = Agents.policy(
                        WIDTH,
                        actions(algorithm),
                        settings,
                        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
                boolean changed = false;
                for (int i = 0; i < 20; i++) {
                    float[] seen = observation(world);
                    float[] mine = answer(agent.policy(), seen);
                    assertThat(answer(read, seen)).isEqualTo(mine);
                    changed |= !Arrays.equals(answer(before, seen), mine);
                }
                assertThat(changed).isTrue();
                assertThatThrownBy(() -> Agents.policy(
                                WIDTH + 1,
                                actions(algorithm),
                                settings,
                                new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
                        .isInstanceOf(InvalidInput.class)
                        .hasMessageContaining("has 4 numbers")
                        .hasMessageContaining("takes 3");
            }
        }
    }

    @Test
    void staysLinearWhereTheAutoencoderIsBad(@TempDir Path directory) throws IOException {
        NormalizerFiles files = new NormalizerFiles(directory);
        AgentSettings settings = AgentSettingsJson.read(
                JSON.readTree("{\"normalizer\":{\"kind\":\"vae\",\"trainAfter\":100,\"threshold\":1e-9,\"layers\":[4]},"
                        + "\"network\":{\"layers\":[8]},\"start\":20,\"batch\":8}"),
                AgentSettings.defaults(Algorithm.DQN));
        List<LearningStep> learned = new ArrayList<>();
        try (Agent agent = agent(settings, 7, shelf(files, SPACE))) {
            live(agent, new SeededRandom(5), 0, 90, learned);
            assertThat(report(agent)).isEqualTo(new NormalizerReport(false, 0, 0, 0, 0, List.of()));
            assertThat(learned.getLast().figures()).doesNotContainKey("normalizer_trained");
            live(agent, new SeededRandom(5), 90, 150, learned);
            assertThat(report(agent).trained()).isFalse();
            assertThat(report(agent).heldOutError()).isPositive();
            assertThat(report(agent).misfits()).singleElement().asString().contains("the agent's own", "1.0E-9");
        }
        assertThat(learned.getLast().figures())
                .containsEntry("normalizer_trained", 0.0)
                .containsKey("normalizer_held_out_error");
        assertThat(files.versions("world")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void takesUpWhatIsKeptForItsEnvironment(Algorithm algorithm, @TempDir Path directory) throws IOException {
        NormalizerFiles files = new NormalizerFiles(directory);
        AgentSettings settings = settings(algorithm, "vae");
        try (Agent first = agent(settings, 7, shelf(files, SPACE))) {
            live(first, new SeededRandom(5), 0, 99, new ArrayList<>());
            assertThat(files.versions("world")).isEmpty();
            live(first, new SeededRandom(6), 99, 150, new ArrayList<>());
            assertThat(files.versions("world")).containsExactly(1);
            assertThat(report(first).trained()).isTrue();
            assertThat(report(first).version()).isEqualTo(1);
            try (Agent resumed = agent(settings, 8)) {
                read(resumed, bytes(first));
                assertThat(report(resumed)).isEqualTo(report(first));
            }
            try (Agent second = agent(settings, 8, shelf(files, SPACE))) {
                NormalizerReport taken = report(second);
                assertThat(taken.trained()).isTrue();
                assertThat(taken.version()).isEqualTo(1);
                assertThat(taken.heldOutError()).isEqualTo(report(first).heldOutError());
                float[] seen = observation(new SeededRandom(9));
                assertThat(((NormalizedPolicy) second.policy()).normalizer().encode(seen))
                        .isEqualTo(
                                ((NormalizedPolicy) first.policy()).normalizer().encode(seen));
                List<LearningStep> learned = new ArrayList<>();
                live(second, new SeededRandom(5), 0, 150, learned);
                assertThat(learned.getFirst().figures()).containsEntry("normalizer_trained", 1.0);
            }
        }
        assertThat(files.versions("world")).containsExactly(1);
        // Its environment has changed: what is kept does not fit, it trains its own, which is kept beside the other.
        ObservationSpace changed = new ObservationSpace(new float[] {0, 0, -1}, new float[] {1, 100, 1});
        try (Agent third = agent(settings, 9, shelf(files, changed))) {
            assertThat(report(third).trained()).isFalse();
            assertThat(report(third).misfits())
                    .containsExactly("version 1 has number 2 of an observation in [0.0, 1.0], not in [-1.0, 1.0]");
            live(third, new SeededRandom(5), 0, 110, new ArrayList<>());
            assertThat(report(third).version()).isEqualTo(2);
        }
        try (Agent alone = agent(
                AgentSettingsJson.read(JSON.readTree("{\"normalizer\":{\"stored\":false}}"), settings),
                9,
                shelf(files, SPACE))) {
            assertThat(report(alone).trained()).isFalse();
            live(alone, new SeededRandom(5), 0, 110, new ArrayList<>());
            assertThat(report(alone))
                    .extracting(NormalizerReport::trained, NormalizerReport::version)
                    .containsExactly(true, 0);
        }
        assertThat(files.versions("world")).containsExactly(1, 2);
    }

    @Test
    void goesOnWhereNothingCanBeKept(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        try (Agent agent = agent(settings(Algorithm.DQN, "vae"), 7, shelf(new NormalizerFiles(file), SPACE))) {
            live(agent, new SeededRandom(5), 0, 150, new ArrayList<>());
            assertThat(report(agent))
                    .extracting(NormalizerReport::trained, NormalizerReport::version)
                    .containsExactly(true, 0);
        }
    }

    private static NormalizerReport report(Agent agent) {
        return agent.normalizer().orElseThrow();
    }

    private static NormalizerShelf shelf(NormalizerFiles files, ObservationSpace observations) {
        return new NormalizerShelf(files, "world", observations, InstantSource.fixed(Instant.EPOCH));
    }

    @Test
    void readsWhatItWritesAndSaysWhatIsWrong() throws IOException {
        AgentSettings settings = settings(Algorithm.SAC, "vae");
        assertThat(settings.normalizer().trainAfter()).isEqualTo(100);
        assertThat(AgentSettingsJson.read(AgentSettingsJson.write(settings), AgentSettings.defaults(Algorithm.SAC))
                        .normalizer())
                .isEqualTo(settings.normalizer());
        assertThatThrownBy(() -> AgentSettingsJson.read(
                        JSON.readTree("{\"normalizer\":{\"kind\":\"pca\",\"trainAfter\":3,\"beta\":1}}"),
                        AgentSettings.defaults(Algorithm.DQN)))
                .asInstanceOf(InstanceOfAssertFactories.type(InvalidInput.class))
                .extracting(InvalidInput::errors, InstanceOfAssertFactories.list(FieldError.class))
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("normalizer.kind", "normalizer.trainAfter", "normalizer.beta");
    }

    private static float[] answer(Policy policy, float[] seen) {
        Decision decision = policy.decide(seen, null, policy.start(new SeededRandom(1)), 0, new SeededRandom(1));
        return decision.values().length > 0 ? decision.values() : decision.action();
    }

    private static AgentSettings settings(Algorithm algorithm, String kind) throws IOException {
        String more = algorithm == Algorithm.REINFORCE
                ? ",\"episodes\":2,\"recurrence\":{\"kind\":\"gru\",\"width\":8}"
                : ",\"start\":20,\"every\":4,\"updates\":1,\"batch\":8,\"replay\":{\"capacity\":500}";
        return AgentSettingsJson.read(
                JSON.readTree("{\"network\":{\"layers\":[16]},\"normalizer\":{\"kind\":\"" + kind
                        + "\",\"trainAfter\":100,\"threshold\":10,\"layers\":[16],\"epochs\":3}" + more + "}"),
                AgentSettings.defaults(algorithm));
    }

    private static ActionSpace actions(Algorithm algorithm) {
        return algorithm == Algorithm.SAC
                ? new ActionSpace.Box(new float[] {-1}, new float[] {1})
                : new ActionSpace.Discrete(2);
    }

    private Agent agent(AgentSettings settings, long seed) {
        return agent(settings, seed, null);
    }

    private Agent agent(AgentSettings settings, long seed, @Nullable NormalizerShelf shelf) {
        return Agents.make(engine, WIDTH, actions(settings.algorithm()), settings, null, shelf, seed);
    }

    private static float[] observation(SeededRandom world) {
        float first = world.nextFloat();
        return new float[] {first, 100 * world.nextFloat(), first * first};
    }

    private static void live(Agent agent, SeededRandom world, int from, int until, List<LearningStep> learned) {
        for (int step = from; step < until; step++) {
            float[] seen = observation(world);
            Decision decision = agent.explore(seen, null);
            agent.observe(
                    new Experience(
                            seen,
                            decision.action(),
                            seen[0] * decision.action()[0],
                            observation(world),
                            step % 11 == 10,
                            false,
                            null),
                    learned::add);
        }
    }

    private static void read(Agent agent, byte[] state) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(state));
        for (StatePart part : agent.parts()) {
            part.read(in);
        }
    }

    private static byte[] bytes(Agent agent) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (StatePart part : agent.parts()) {
            part.write(new DataOutputStream(bytes));
        }
        return bytes.toByteArray();
    }
}
