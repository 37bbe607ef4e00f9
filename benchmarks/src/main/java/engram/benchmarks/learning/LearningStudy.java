package engram.benchmarks.learning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.agent.Agent;
import engram.agent.AgentSettings;
import engram.agent.AgentSettingsJson;
import engram.agent.Agents;
import engram.agent.Policy;
import engram.environment.Environment;
import engram.environment.Environments;
import engram.run.Progress;
import engram.tensor.DeviceChoice;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import engram.training.Evaluation;
import engram.training.Pause;
import engram.training.Trainer;
import engram.training.TrainingEvent;
import engram.training.TrainingSettings;

/**
 * Trains one agent from nothing with the settings that come with Engram, and prints a line of JSON: the evaluations on
 * the way (20 of 10 episodes), the final policy and the best one of the evaluations over 100 other episodes without
 * exploring, and the speed.
 *
 * <p>usage: LearningStudy ENVIRONMENT STEPS SEED [SETTINGS_JSON]
 */
public final class LearningStudy {
    private static final int EVALUATIONS = 20;
    private static final int FINAL_EPISODES = 100;
    private static final long FINAL_SEED = 50_000;

    private LearningStudy() {}

    /** Trains and prints. */
    public static void main(String[] arguments) throws JsonProcessingException {
        String name = arguments[0];
        long steps = Long.parseLong(arguments[1]);
        long seed = Long.parseLong(arguments[2]);
        AgentSettings tuned = Agents.tunedFor(name).orElseThrow();
        AgentSettings settings =
                arguments.length > 3 ? AgentSettingsJson.read(new ObjectMapper().readTree(arguments[3]), tuned) : tuned;
        TensorEngine engine = new TensorEngine(new TensorSettings(DeviceChoice.CPU, 1));
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("environment", name)
                .put("steps", steps)
                .put("seed", seed);
        ArrayNode curve = line.putArray("evaluations");
        try (Environment environment = Environments.make(name);
                Environment evaluation = Environments.make(name);
                Agent agent = Agents.make(
                        engine, environment.observations().width(), environment.actions(), settings, null, seed)) {
            agent.planFor(steps);
            Policy[] best = {agent.policy()};
            long start = System.nanoTime();
            new Trainer(
                            agent,
                            environment,
                            evaluation,
                            new TrainingSettings(steps, seed, steps / EVALUATIONS, 10, 0, null, 0),
                            null,
                            event -> {
                                if (event instanceof TrainingEvent.Evaluated evaluated) {
                                    curve.addObject()
                                            .put("step", evaluated.step())
                                            .put("mean", evaluated.evaluation().mean());
                                    best[0] = evaluated.best() ? agent.policy() : best[0];
                                }
                            },
                            new Pause())
                    .train(Progress.unobserved());
            double seconds = (System.nanoTime() - start) * 1e-9;
            Evaluation last =
                    Evaluation.of(agent.policy(), evaluation, FINAL_EPISODES, FINAL_SEED, Progress.unobserved());
            line.put("mean", last.mean())
                    .put("standardDeviation", last.standardDeviation())
                    .put(
                            "bestMean",
                            Evaluation.of(best[0], evaluation, FINAL_EPISODES, FINAL_SEED, Progress.unobserved())
                                    .mean())
                    .put("seconds", seconds)
                    .put("stepsPerSecond", steps / seconds);
            ObjectNode profile = line.putObject("profile");
            agent.times().shares().forEach((stage, share) -> profile.put(stage.label(), share));
        }
        System.out.println(line);
    }
}
