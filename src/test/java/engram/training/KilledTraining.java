package engram.training;

import engram.agent.Agent;
import engram.environment.Environment;
import engram.environment.Environments;
import engram.run.Progress;
import engram.tensor.Engines;
import java.io.IOException;
import java.nio.file.Path;

/** Trains on from the newest checkpoint and says how far it is; is killed in the middle of it by a test. */
final class KilledTraining {
    static final TrainingSettings SETTINGS = new TrainingSettings(1_500, 5, 500, 1, 20, null, 0);

    private KilledTraining() {}

    public static void main(String[] arguments) throws IOException {
        try (Agent agent = Trainings.agent(Engines.cpu(), Trainings.CART_POLE, 7);
                Environment environment = Environments.make(Trainings.CART_POLE);
                Environment evaluation = Environments.make(Trainings.CART_POLE)) {
            Trainer trainer = new Trainer(
                    agent,
                    environment,
                    evaluation,
                    SETTINGS,
                    new Checkpoints(Path.of(arguments[0]), 3),
                    event -> {
                        if (event instanceof TrainingEvent.Saved saved
                                && saved.directory().toString().contains("check")) {
                            System.out.println(saved.step() + ".");
                        }
                    },
                    new Pause());
            trainer.resume();
            trainer.train(Progress.unobserved());
            // Waits for its end, wherever the test would have liked it to come.
            while (true) {
                System.out.println(agent.steps() + ".");
            }
        }
    }
}
