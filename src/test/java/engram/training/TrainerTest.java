package engram.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.agent.Agent;
import engram.agent.StageTimes.Stage;
import engram.environment.Environment;
import engram.environment.Environments;
import engram.error.Damaged;
import engram.run.Progress;
import engram.tensor.Engines;
import engram.tensor.TensorEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TrainerTest {
    private static final TrainingSettings SETTINGS = new TrainingSettings(900, 5, 300, 2, 100, null, 0);

    private final TensorEngine engine = Engines.cpu();
    private final List<TrainingEvent> events = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {Trainings.CART_POLE, Trainings.PENDULUM})
    void resumesBitForBitWhereverItWasInterrupted(String environment) throws IOException {
        byte[] whole;
        try (Agent agent = Trainings.agent(engine, environment, 7)) {
            train(agent, environment, SETTINGS, null, Progress.unobserved());
            whole = Trainings.bytes(agent);
        }
        List<Double> evaluated = evaluations();
        events.clear();
        long seed = Long.getLong("engram.seed", System.nanoTime());
        System.out.println("TrainerTest: engram.seed=" + seed);
        Random random = new Random(seed);
        Checkpoints checkpoints = new Checkpoints(directory, 3);
        boolean finished = false;
        for (int attempt = 0; !finished; attempt++) {
            // Another seed than the first one's: all that counts is in the checkpoint.
            try (Agent agent = Trainings.agent(engine, environment, attempt == 0 ? 7 : 100 + attempt)) {
                long until = attempt * 250L + random.nextInt(250);
                try {
                    train(
                            agent,
                            environment,
                            SETTINGS,
                            checkpoints,
                            Trainings.cancelledWhen(() -> agent.steps() >= until));
                    finished = true;
                    assertThat(Trainings.bytes(agent)).isEqualTo(whole);
                } catch (CancellationException e) {
                    assertThat(agent.steps()).isGreaterThanOrEqualTo(until);
                }
            }
        }
        assertThat(evaluations()).isEqualTo(evaluated);
    }

    @Test
    void passesADamagedCheckpointOver() throws IOException {
        Checkpoints checkpoints = new Checkpoints(directory, 5);
        byte[] whole;
        try (Agent agent = Trainings.agent(engine, Trainings.CART_POLE, 7)) {
            train(agent, Trainings.CART_POLE, SETTINGS, checkpoints, Progress.unobserved());
            whole = Trainings.bytes(agent);
        }
        assertThat(checkpoints.list()).containsExactly(900L, 800L, 700L, 600L, 500L);
        flip(directory.resolve("checkpoint-000000000900/learner.bin"));
        Files.delete(directory.resolve("checkpoint-000000000800/replay.bin"));
        Path manifest = directory.resolve("checkpoint-000000000700/manifest.json");
        Files.writeString(manifest, Files.readString(manifest).substring(0, 40));
        try (Agent agent = Trainings.agent(engine, Trainings.CART_POLE, 8)) {
            assertThat(trainer(agent, Trainings.CART_POLE, SETTINGS, new Checkpoints(directory, 5))
                            .resume())
                    .hasValue(600);
            assertThat(agent.steps()).isEqualTo(600);
            train(agent, Trainings.CART_POLE, SETTINGS, new Checkpoints(directory, 5), Progress.unobserved());
            assertThat(Trainings.bytes(agent)).isEqualTo(whole);
        }
        for (long step : checkpoints.list()) {
            flip(directory.resolve(String.format("checkpoint-%012d/agent.bin", step)));
        }
        try (Agent agent = Trainings.agent(engine, Trainings.CART_POLE, 8)) {
            Trainer trainer = trainer(agent, Trainings.CART_POLE, SETTINGS, new Checkpoints(directory, 5));
            assertThatThrownBy(trainer::resume).isInstanceOf(Damaged.class).hasMessageContaining("none of the 5");
        }
    }

    @Test
    void rollsBackAndFindsTheBest() throws IOException {
        Checkpoints checkpoints = new Checkpoints(directory, 20);
        try (Agent agent = Trainings.agent(engine, Trainings.CART_POLE, 7)) {
            train(agent, Trainings.CART_POLE, SETTINGS, checkpoints, Progress.unobserved());
            byte[] end = Trainings.bytes(agent);
            checkpoints.rollBack(400, agent.parts());
            assertThat(agent.steps()).isEqualTo(400);
            assertThat(checkpoints.list()).startsWith(400L, 300L);
            train(agent, Trainings.CART_POLE, SETTINGS, checkpoints, Progress.unobserved());
            assertThat(Trainings.bytes(agent)).isEqualTo(end);
            TrainingEvent.Evaluated best = events.stream()
                    .filter(TrainingEvent.Evaluated.class::isInstance)
                    .map(TrainingEvent.Evaluated.class::cast)
                    .filter(TrainingEvent.Evaluated::best)
                    .reduce((_, later) -> later)
                    .orElseThrow();
            checkpoints.restoreBest(agent.parts().subList(0, 1));
            try (Environment environment = Environments.make(Trainings.CART_POLE)) {
                assertThat(Evaluation.of(agent.policy(), environment, 2, 1_000_005, Progress.unobserved()))
                        .isEqualTo(best.evaluation());
            }
        }
    }

    @Test
    void goesOnWhereNoCheckpointCanBeWritten() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        try (Agent agent = Trainings.agent(engine, Trainings.CART_POLE, 7)) {
            train(agent, Trainings.CART_POLE, SETTINGS, new Checkpoints(file, 3), Progress.unobserved());
            assertThat(agent.steps()).isEqualTo(900);
        }
        assertThat(events).filteredOn(TrainingEvent.NotSaved.class::isInstance).hasSizeGreaterThanOrEqualTo(9);
        assertThat(events).noneMatch(TrainingEvent.Saved.class::isInstance);
    }

    @Test
    void leavesNothingUnfinishedAndKeepsAsManyAsAsked() throws IOException {
        Checkpoints checkpoints = new Checkpoints(directory, 2);
        try (Agent agent = Trainings.agent(engine, Trainings.CART_POLE, 7)) {
            train(agent, Trainings.CART_POLE, SETTINGS, checkpoints, Progress.unobserved());
        }
        try (Stream<Path> entries = Files.list(directory)) {
            assertThat(entries.map(path -> path.getFileName().toString()))
                    .hasSize(3)
                    .contains("checkpoint-000000000900", "checkpoint-000000000800")
                    .anyMatch(name -> name.startsWith("best-"));
        }
    }

    @Test
    void endsEarly() throws IOException {
        try (Agent agent = Trainings.agent(engine, Trainings.CART_POLE, 7)) {
            train(
                    agent,
                    Trainings.CART_POLE,
                    new TrainingSettings(900, 5, 50, 1, 0, 1.0, 0),
                    null,
                    Progress.unobserved());
            assertThat(agent.steps()).isEqualTo(50);
        }
        try (Agent agent = Trainings.agent(engine, Trainings.PENDULUM, 7)) {
            train(
                    agent,
                    Trainings.PENDULUM,
                    new TrainingSettings(900, 5, 10, 1, 0, null, 2),
                    null,
                    Progress.unobserved());
            assertThat(agent.steps()).isLessThan(900);
        }
    }

    @Test
    void fourAgentsAtOnceLearnAsEachAlone() throws Exception {
        List<String> environments =
                List.of(Trainings.CART_POLE, Trainings.PENDULUM, Trainings.CART_POLE, Trainings.PENDULUM);
        int[] alone = new int[4];
        for (int i = 0; i < 4; i++) {
            alone[i] = trained(environments.get(i), i);
        }
        int[] together = new int[4];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int which = i;
            threads.add(Thread.ofPlatform().start(() -> together[which] = trained(environments.get(which), which)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(together).isEqualTo(alone).doesNotContain(0);
    }

    @Test
    void saysWhereTheTimeGoes() throws IOException {
        try (Agent agent = Trainings.agent(engine, Trainings.CART_POLE, 7)) {
            train(agent, Trainings.CART_POLE, SETTINGS, null, Progress.unobserved());
            assertThat(agent.times().shares().get(Stage.UPDATE)).isPositive();
            assertThat(agent.times().shares().values().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum())
                    .isBetween(0.999, 1.001);
            assertThat(agent.times().shares()).allSatisfy((stage, share) -> assertThat(share)
                    .isLessThanOrEqualTo(
                            agent.times().shares().get(agent.times().bottleneck())));
        }
    }

    private int trained(String environment, long seed) {
        try (Agent agent = Trainings.agent(engine, environment, seed)) {
            train(agent, environment, SETTINGS, null, Progress.unobserved());
            return Trainings.digest(agent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Double> evaluations() {
        return events.stream()
                .filter(TrainingEvent.Evaluated.class::isInstance)
                .map(event -> ((TrainingEvent.Evaluated) event).evaluation().mean())
                .toList();
    }

    /** Trains from the newest checkpoint on. */
    private void train(
            Agent agent,
            String environment,
            TrainingSettings settings,
            @Nullable Checkpoints checkpoints,
            Progress progress)
            throws IOException {
        Trainer trainer = trainer(agent, environment, settings, checkpoints);
        trainer.resume();
        trainer.train(progress);
    }

    private Trainer trainer(
            Agent agent, String environment, TrainingSettings settings, @Nullable Checkpoints checkpoints) {
        return new Trainer(
                agent,
                Environments.make(environment),
                Environments.make(environment),
                settings,
                checkpoints,
                events::add,
                new Pause());
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        // Not in place: the file may be linked into other checkpoints.
        Files.delete(file);
        Files.write(file, bytes);
    }
}
