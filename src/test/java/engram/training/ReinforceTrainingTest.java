package engram.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import engram.agent.Agent;
import engram.agent.AgentSettings;
import engram.agent.AgentSettings.Algorithm;
import engram.agent.AgentSettingsJson;
import engram.agent.Agents;
import engram.environment.Environment;
import engram.environment.Environments;
import engram.run.Progress;
import engram.tensor.Engines;
import engram.tensor.TensorEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** REINFORCE in the trainer: it learns, and goes on bit for bit from checkpoints. */
@Timeout(120)
class ReinforceTrainingTest {
    private final TensorEngine engine = Engines.cpu();

    @TempDir
    Path directory;

    @Test
    void learnsToBalanceThePole() throws IOException {
        try (Agent agent = agent(Trainings.CART_POLE, "{}", 1);
                Environment environment = Environments.make(Trainings.CART_POLE)) {
            TrainingSettings settings = new TrainingSettings(25_000, 1, 0, 1, 0, null, 0);
            trainer(agent, Trainings.CART_POLE, settings, null).train(Progress.unobserved());
            assertThat(Evaluation.of(agent.policy(), environment, 20, 9_000, Progress.unobserved())
                            .mean())
                    .isGreaterThan(150);
        }
    }

    @ParameterizedTest
    @CsvSource({"CartPole-v1,lstm", "Pendulum-v1,gru", "CartPole-v1,none"})
    void goesOnBitForBit(String environment, String recurrence) throws IOException {
        String settings = "{\"network\":{\"layers\":[8]},\"episodes\":2,\"longest\":150,\"recurrence\":{\"kind\":\""
                + recurrence + "\",\"width\":8}}";
        TrainingSettings training = new TrainingSettings(700, 5, 300, 1, 100, null, 0);
        byte[] whole;
        try (Agent agent = agent(environment, settings, 7)) {
            trainer(agent, environment, training, null).train(Progress.unobserved());
            assertThat(agent.updates()).isPositive();
            whole = Trainings.bytes(agent);
        }
        try (Agent agent = agent(environment, settings, 7)) {
            trainer(agent, environment, training, new Checkpoints(directory, 3))
                    .train(Trainings.cancelledWhen(() -> agent.steps() >= 430));
        } catch (CancellationException _) {
            // As asked for: in the middle of an episode.
        }
        try (Agent agent = agent(environment, settings, 8)) {
            Trainer trainer = trainer(agent, environment, training, new Checkpoints(directory, 3));
            assertThat(trainer.resume().orElseThrow()).isGreaterThanOrEqualTo(430);
            trainer.train(Progress.unobserved());
            assertThat(Trainings.bytes(agent)).isEqualTo(whole);
        }
    }

    private Agent agent(String name, String settings, long seed) throws IOException {
        try (Environment environment = Environments.make(name)) {
            return Agents.make(
                    engine,
                    environment.observations().width(),
                    environment.actions(),
                    AgentSettingsJson.read(
                            new ObjectMapper().readTree(settings), AgentSettings.defaults(Algorithm.REINFORCE)),
                    null,
                    seed);
        }
    }

    private static Trainer trainer(
            Agent agent, String environment, TrainingSettings settings, @Nullable Checkpoints checkpoints) {
        return new Trainer(
                agent,
                Environments.make(environment),
                Environments.make(environment),
                settings,
                checkpoints,
                _ -> {},
                new Pause());
    }
}
