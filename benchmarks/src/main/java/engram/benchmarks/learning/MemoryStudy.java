package engram.benchmarks.learning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.agent.Agent;
import engram.agent.AgentSettings;
import engram.agent.AgentSettingsJson;
import engram.agent.Agents;
import engram.agent.MemorySettings;
import engram.agent.SeededRandom;
import engram.agent.SharedMemory;
import engram.environment.ActionSpace;
import engram.environment.Environment;
import engram.environment.Environments;
import engram.memory.embedded.EmbeddedSpaces;
import engram.memory.space.Space;
import engram.memory.space.SpaceSettings;
import engram.replay.SharedReplay;
import engram.replay.SharedReplaySettings.Strategy;
import engram.replay.Transition;
import engram.run.Progress;
import engram.tensor.DeviceChoice;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import engram.training.AgentDefinitionJson;
import engram.training.Pause;
import engram.training.Trainer;
import engram.training.TrainingEvent;
import engram.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does shared memory help? One learner lives through a task and remembers it in a space; then others begin anew, with the
 * same seed and settings, and with: no memory ({@code fresh}), that memory ({@code warm}, drawn at random, and
 * {@code similar}, recalled by similarity to what is learned from), an empty one ({@code cold}), and one of an unrelated
 * task ({@code unrelated}: observations and rewards drawn at random). Prints a line of JSON each: after how many steps an
 * evaluation of 10 episodes first reached the threshold.
 *
 * <p>usage: MemoryStudy ENVIRONMENT THRESHOLD WARM_STEPS STEPS EVALUATE_EVERY SEED [SETTINGS_JSON]
 */
public final class MemoryStudy {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int UNRELATED = 20_000;

    private final String name;
    private final double threshold;
    private final long steps;
    private final long every;
    private final long seed;
    private final AgentSettings settings;
    private final TensorEngine engine = new TensorEngine(new TensorSettings(DeviceChoice.CPU, 1));
    private final EmbeddedSpaces spaces;

    private MemoryStudy(String[] arguments, EmbeddedSpaces spaces) throws IOException {
        this.name = arguments[0];
        this.threshold = Double.parseDouble(arguments[1]);
        this.steps = Long.parseLong(arguments[3]);
        this.every = Long.parseLong(arguments[4]);
        this.seed = Long.parseLong(arguments[5]);
        AgentSettings tuned = Agents.tunedFor(name).orElseThrow();
        this.settings = arguments.length > 6 ? AgentSettingsJson.read(JSON.readTree(arguments[6]), tuned) : tuned;
        this.spaces = spaces;
    }

    /** Runs the study of one seed. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("engram-memory-study");
        try (EmbeddedSpaces spaces = EmbeddedSpaces.open(directory)) {
            MemoryStudy study = new MemoryStudy(arguments, spaces);
            study.remember(Long.parseLong(arguments[2]));
            study.run("fresh", null, Strategy.UNIFORM);
            study.run("warm", "warm", Strategy.UNIFORM);
            study.run("similar", "warm", Strategy.SIMILAR);
            study.run("cold", "cold", Strategy.UNIFORM);
            study.rememberUnrelated();
            study.run("unrelated", "unrelated", Strategy.UNIFORM);
        }
    }

    /** One learner lives through the task, and its space holds all of it. */
    private void remember(long warmSteps) {
        Space space = space("warm");
        try (SharedReplay replay = replay(space, "first", Strategy.UNIFORM, (int) warmSteps + 1);
                Agent agent = agent(memory(replay, memory(false, true, Strategy.UNIFORM)))) {
            train(agent, new TrainingSettings(warmSteps, 1_000 + seed, 0, 1, 0, null, 0), _ -> {});
        }
        System.err.println(name + " seed " + seed + ": " + space.statistics().sequence() + " memories remembered");
    }

    /** Experiences of another world that happen to be as wide. */
    private void rememberUnrelated() {
        Space space = space("unrelated");
        SeededRandom random = new SeededRandom(seed);
        try (Environment like = Environments.make(name);
                SharedReplay replay = replay(space, "stranger", Strategy.UNIFORM, 1)) {
            for (int step = 0; step < UNRELATED; step++) {
                replay.remember(
                        step,
                        new Transition(
                                numbers(like.observations().width(), random),
                                like.actions().flatten(like.actions().sample(random)),
                                random.nextFloat(-1, 1),
                                numbers(like.observations().width(), random),
                                random.nextInt(100) == 0,
                                false,
                                1,
                                new boolean[0]));
            }
            replay.refresh();
        }
    }

    private static float[] numbers(int width, SeededRandom random) {
        float[] numbers = new float[width];
        for (int i = 0; i < width; i++) {
            numbers[i] = random.nextFloat(-1, 1);
        }
        return numbers;
    }

    private void run(String condition, @Nullable String from, Strategy strategy) {
        SharedMemory memory = null;
        if (from != null) {
            SharedReplay replay = replay(space(from), "learner", strategy, 50_000);
            replay.refresh();
            memory = memory(replay, memory(true, false, strategy));
        }
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("environment", name)
                .put("condition", condition)
                .put("seed", seed);
        ArrayNode curve = line.putArray("evaluations");
        long[] reached = {-1};
        try (Agent agent = agent(memory)) {
            train(agent, new TrainingSettings(steps, seed, every, 10, 0, threshold, 0), event -> {
                if (event instanceof TrainingEvent.Evaluated evaluated) {
                    double mean = evaluated.evaluation().mean();
                    curve.addObject().put("step", evaluated.step()).put("mean", mean);
                    reached[0] = mean >= threshold ? evaluated.step() : -1;
                }
            });
        }
        // A learner that never gets there counts as one that gets there at the end.
        line.put("stepsToThreshold", reached[0] < 0 ? steps : reached[0]).put("reached", reached[0] >= 0);
        System.out.println(line);
    }

    private void train(Agent agent, TrainingSettings training, Consumer<TrainingEvent> watcher) {
        agent.planFor(training.steps());
        try (Environment environment = Environments.make(name);
                Environment evaluation = Environments.make(name)) {
            new Trainer(agent, environment, evaluation, training, null, watcher, new Pause())
                    .train(Progress.unobserved());
        }
    }

    private Agent agent(@Nullable SharedMemory memory) {
        try (Environment like = Environments.make(name)) {
            return Agents.make(engine, like.observations().width(), like.actions(), settings, memory, seed);
        }
    }

    private SharedReplay replay(Space space, String agent, Strategy strategy, int waiting) {
        try (Environment like = Environments.make(name)) {
            return new SharedReplay(
                    () -> space,
                    Agents.shape(like.observations().width(), like.actions()),
                    new AgentSettings(
                                    settings.learner(),
                                    settings.plan(),
                                    settings.replay(),
                                    memory(true, true, strategy))
                            .replayOverSpace(agent)
                            .withBounds(50_000, Math.max(waiting, UNRELATED)),
                    Clock.systemUTC());
        }
    }

    private static MemorySettings memory(boolean learn, boolean remember, Strategy strategy) {
        return new MemorySettings(
                learn, remember, strategy, false, List.of(), List.of(), 0.25, 0, Duration.ZERO, 50_000);
    }

    private SharedMemory memory(SharedReplay replay, MemorySettings how) {
        try (Environment like = Environments.make(name)) {
            return new SharedMemory(
                    replay,
                    how,
                    Agents.shape(like.observations().width(), like.actions()),
                    like.actions() instanceof ActionSpace.Discrete);
        }
    }

    private Space space(String space) {
        try (Environment like = Environments.make(name)) {
            ObjectNode json = JSON.createObjectNode();
            json.putObject("encoder").put("trainAfter", 0);
            json.putObject("schema").set("observation", AgentDefinitionJson.observation(like.observations()));
            return spaces.spaces()
                    .put(space, SpaceSettings.defaults().merge(json), OptionalLong.empty())
                    .space();
        }
    }
}
