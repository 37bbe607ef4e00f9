package engram.training;

import static org.assertj.core.api.Assertions.assertThat;

import engram.agent.Agent;
import engram.environment.Environments;
import engram.memory.KilledProcess;
import engram.run.Progress;
import engram.tensor.Engines;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a training again and again, many times while it writes a checkpoint, and compares its end with an undisturbed one. */
class TrainingCrashTest {
    private static final int CRASHES = 6;

    @TempDir
    Path directory;

    @Test
    @Timeout(180)
    void endsAsTheUndisturbedOne() throws Exception {
        long seed = Long.getLong("engram.seed", System.nanoTime());
        System.out.println("TrainingCrashTest: engram.seed=" + seed);
        Random random = new Random(seed);
        long before = 0;
        for (int crash = 0; crash < CRASHES; crash++) {
            List<String> saved =
                    KilledProcess.acknowledgedBy(KilledTraining.class, directory, crash, 1 + random.nextInt(10));
            long last = Long.parseLong(saved.getLast());
            assertThat(last).isGreaterThan(before);
            assertThat(new Checkpoints(directory, 3).list().getFirst()).isGreaterThanOrEqualTo(last);
            before = last;
        }
        assertThat(trained(new Checkpoints(directory, 3), 8)).isEqualTo(trained(null, 7));
    }

    private static byte[] trained(@Nullable Checkpoints checkpoints, long seed) throws Exception {
        try (Agent agent = Trainings.agent(Engines.cpu(), Trainings.CART_POLE, seed)) {
            Trainer trainer = new Trainer(
                    agent,
                    Environments.make(Trainings.CART_POLE),
                    Environments.make(Trainings.CART_POLE),
                    KilledTraining.SETTINGS,
                    checkpoints,
                    _ -> {},
                    new Pause());
            trainer.resume();
            trainer.train(Progress.unobserved());
            return Trainings.bytes(agent);
        }
    }
}
