package engram.benchmarks.learning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import engram.agent.Agent;
import engram.agent.AgentSettings;
import engram.agent.AgentSettings.Algorithm;
import engram.agent.AgentSettingsJson;
import engram.agent.Agents;
import engram.agent.DqnLearner;
import engram.agent.DqnSettings;
import engram.agent.SeededRandom;
import engram.environment.Environment;
import engram.environment.Environments;
import engram.replay.Batch;
import engram.replay.TransitionShape;
import engram.run.Progress;
import engram.tensor.DeviceChoice;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import engram.training.Pause;
import engram.training.Trainer;
import engram.training.TrainingSettings;
import java.util.Arrays;

/**
 * How fast learners are, with the hyper-parameters of {@code benchmarks/peers/learner_peer.py} and one thread. Prints a
 * line of JSON: steps a second of a whole training, or milliseconds an update.
 *
 * <p>usage: LearnerSpeed dqn|sac STEPS, or LearnerSpeed update COUNT
 */
public final class LearnerSpeed {
    private static final String DQN =
            "{\"learningRate\":0.0023,\"start\":1000,\"every\":256,\"updates\":128,\"batch\":64,"
                    + "\"target\":{\"every\":10,\"counts\":\"steps\"},"
                    + "\"exploration\":{\"shape\":\"linear\",\"from\":1,\"to\":0.04,\"until\":0.16}}";
    private static final String SAC = "{\"learningRate\":0.001}";
    private static final int OBSERVATIONS = 4;
    private static final int ACTIONS = 2;
    private static final int ROWS = 64;

    private LearnerSpeed() {}

    /** Measures and prints. */
    public static void main(String[] arguments) throws JsonProcessingException {
        int count = Integer.parseInt(arguments[1]);
        TensorEngine engine = new TensorEngine(new TensorSettings(DeviceChoice.CPU, 1));
        double figure =
                switch (arguments[0]) {
                    case "dqn" -> stepsPerSecond(engine, "CartPole-v1", Algorithm.DQN, DQN, count);
                    case "sac" -> stepsPerSecond(engine, "Pendulum-v1", Algorithm.SAC, SAC, count);
                    case "update" -> millisecondsAnUpdate(engine, count);
                    default -> throw new IllegalArgumentException("dqn, sac or update, not " + arguments[0]);
                };
        System.out.println(JsonNodeFactory.instance
                .objectNode()
                .put("what", arguments[0])
                .put("who", "engram")
                .put("figure", figure));
    }

    private static double stepsPerSecond(
            TensorEngine engine, String name, Algorithm algorithm, String settings, int steps)
            throws JsonProcessingException {
        AgentSettings known =
                AgentSettingsJson.read(new ObjectMapper().readTree(settings), AgentSettings.defaults(algorithm));
        try (Environment environment = Environments.make(name);
                Environment evaluation = Environments.make(name);
                Agent agent = Agents.make(
                        engine, environment.observations().width(), environment.actions(), known, null, 1)) {
            agent.planFor(steps);
            long start = System.nanoTime();
            new Trainer(
                            agent,
                            environment,
                            evaluation,
                            new TrainingSettings(steps, 1, 0, 1, 0, null, 0),
                            null,
                            _ -> {},
                            new Pause())
                    .train(Progress.unobserved());
            return steps / ((System.nanoTime() - start) * 1e-9);
        }
    }

    /** Of a deep Q-network of two layers of 256, on the same batch again and again; the first tenth warms up. */
    private static double millisecondsAnUpdate(TensorEngine engine, int count) {
        SeededRandom random = new SeededRandom(1);
        Batch batch = new Batch(TransitionShape.of(OBSERVATIONS, 1), ROWS);
        batch.resize(ROWS);
        for (int i = 0; i < ROWS * OBSERVATIONS; i++) {
            batch.observations()[i] = random.nextFloat(-1, 1);
            batch.nextObservations()[i] = random.nextFloat(-1, 1);
        }
        for (int row = 0; row < ROWS; row++) {
            batch.actions()[row] = random.nextInt(ACTIONS);
            batch.rewards()[row] = random.nextFloat();
        }
        Arrays.fill(batch.steps(), 0, ROWS, 1);
        Arrays.fill(batch.weights(), 0, ROWS, 1);
        try (DqnLearner learner = new DqnLearner(engine, OBSERVATIONS, ACTIONS, DqnSettings.defaults(), 1)) {
            long start = 0;
            for (int i = 0; i < count + count / 10; i++) {
                if (i == count / 10) {
                    start = System.nanoTime();
                }
                learner.learn(batch, null, 0);
            }
            return (System.nanoTime() - start) * 1e-6 / count;
        }
    }
}
