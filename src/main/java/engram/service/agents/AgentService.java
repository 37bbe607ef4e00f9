package engram.service.agents;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.agent.NormalizerReportJson;
import engram.agent.Policy;
import engram.agent.SeededRandom;
import engram.environment.Environment;
import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.EngramException;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.error.Unavailable;
import engram.run.Progress;
import engram.run.Run;
import engram.run.Runs;
import engram.training.AgentDefinition;
import engram.training.AgentLibrary;
import engram.training.Evaluation;
import engram.training.LiveAgent;
import engram.training.TrainingResult;
import engram.training.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What clients do with agents. Thread-safe. */
public final class AgentService implements AutoCloseable {
    /** The kind of the runs that train. Their subject is the agent's id. */
    public static final String TRAINING = "agent-training";

    /** The kind of the runs that evaluate. */
    public static final String EVALUATION = "agent-evaluation";

    private static final Logger LOG = Logger.getLogger(AgentService.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ORDER = "training.json";

    private final AgentLibrary library;
    private final Path directory;
    private final Runs runs;
    private final BiFunction<String, Progress, Environment> environments;
    private final Duration actWithin;
    private final ExecutorService loading;
    private final AtomicLong draws = new AtomicLong(System.nanoTime());

    /**
     * @param library the agents
     * @param directory where the library keeps them
     * @param runs where trainings run
     * @param environments makes an environment of a name
     * @param actWithin how long acting may wait for a policy that is not in memory yet
     */
    public AgentService(
            AgentLibrary library,
            Path directory,
            Runs runs,
            BiFunction<String, Progress, Environment> environments,
            Duration actWithin) {
        this.library = library;
        this.directory = directory;
        this.runs = runs;
        this.environments = environments;
        this.actWithin = actWithin;
        this.loading = Executors.newFixedThreadPool(
                2, Thread.ofPlatform().daemon().name("engram-agent-", 0).factory());
    }

    /** The agents. */
    public AgentLibrary library() {
        return library;
    }

    /**
     * Chooses an action for each observation.
     *
     * @param observations one or more, each of the agent's width
     * @param masks for each which actions are allowed; null for all
     * @param carried for each what the answer to the observation before it said, empty at the start of an episode; null
     *     where every observation stands for itself
     * @param exploring whether actions are drawn to learn from, instead of the best ones known
     * @throws InvalidInput if an observation or a mask does not suit the agent
     * @throws Unavailable if the policy is not there within the time allowed
     */
    public Acted act(
            LiveAgent agent,
            List<float[]> observations,
            @Nullable List<boolean[]> masks,
            @Nullable List<float[]> carried,
            boolean exploring) {
        AgentDefinition definition = agent.definition();
        int width = definition.observations().width();
        for (int i = 0; i < observations.size(); i++) {
            if (observations.get(i).length != width) {
                throw new InvalidInput(
                        "observations[" + i + "]",
                        "has " + observations.get(i).length + " numbers, but the agent sees " + width);
            }
        }
        SeededRandom random = new SeededRandom(draws.incrementAndGet());
        try {
            Policy policy = policy(agent);
            List<float[]> states = Acting.states(policy, carried, observations.size(), random);
            return new Acted(
                    Acting.decide(policy, observations, masks, states, exploring ? 0.05 : 0, random), states, false);
        } catch (Damaged | UncheckedIOException e) {
            LOG.warnf("the agent %s acts at random: %s", definition.id(), e.getMessage());
            return new Acted(
                    Acting.drawn(definition.actions(), observations.size(), masks, random),
                    carried == null ? List.of() : carried,
                    true);
        }
    }

    private Policy policy(LiveAgent agent) {
        Policy ready = agent.policyIfReady();
        if (ready != null) {
            return ready;
        }
        // Reading a checkpoint or loading PyTorch cannot be interrupted: it goes on by itself while the caller gives
        // up.
        Future<Policy> loaded = loading.submit(agent::policy);
        try {
            return loaded.get(actWithin.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new Unavailable(
                    "the policy of the agent '" + agent.definition().id() + "' is being loaded",
                    Duration.ofSeconds(1),
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngramException reason) {
                throw reason;
            }
            if (e.getCause() instanceof UncheckedIOException reason) {
                throw reason;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("the service is stopping", Duration.ofSeconds(1), e);
        }
    }

    /**
     * Begins a training, or takes up the one that was interrupted.
     *
     * @throws InvalidInput if something of the order is wrong
     * @throws NotFound if nothing is there to be resumed
     */
    public Run train(LiveAgent agent, TrainingOrder order) {
        AgentDefinition definition = agent.definition();
        Order wanted = order.resume() ? interrupted(definition.id()) : began(agent, order);
        // What cannot be trained in is told of now and not by the run.
        environment(wanted.environment()).close();
        if (agent.isTraining()) {
            throw new Conflict("agent", "the agent '" + definition.id() + "' is being trained; wait or cancel its run");
        }
        if (!order.resume()) {
            remember(definition.id(), wanted);
        }
        return runs.submit(
                TRAINING,
                definition.id(),
                progress -> result(
                        agent.train(wanted.environment(), wanted.settings(), order.resume(), environments, progress)));
    }

    private Order began(LiveAgent agent, TrainingOrder order) {
        String environment = order.environment() != null
                ? order.environment()
                : agent.definition()
                        .environment()
                        .orElseThrow(() -> new InvalidInput("environment", "must be named: the agent has none"));
        Long steps = order.steps();
        if (steps == null || steps < 1) {
            throw new InvalidInput("steps", "must be 1 or more");
        }
        long tenth = Math.max(1, steps / 10);
        return new Order(
                environment,
                new TrainingSettings(
                        Math.addExact(agent.steps(), steps),
                        order.seed(),
                        order.evaluateEvery() == null ? tenth : order.evaluateEvery(),
                        order.episodes(),
                        order.saveEvery() == null ? tenth : order.saveEvery(),
                        order.stopAt(),
                        order.patience()));
    }

    private void remember(String agent, Order order) {
        TrainingSettings settings = order.settings();
        ObjectNode json = JSON.createObjectNode()
                .put("formatVersion", 1)
                .put("environment", order.environment())
                .put("steps", settings.steps())
                .put("seed", settings.seed())
                .put("evaluateEvery", settings.evaluateEvery())
                .put("episodes", settings.episodes())
                .put("saveEvery", settings.saveEvery())
                .put("stopAt", settings.stopAt())
                .put("patience", settings.patience());
        try {
            Path file = directory.resolve(agent).resolve(ORDER);
            Path unfinished = directory.resolve(agent).resolve(ORDER + ".unfinished");
            Files.write(unfinished, JSON.writeValueAsBytes(json));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Order interrupted(String agent) {
        Path file = directory.resolve(agent).resolve(ORDER);
        if (!Files.exists(file)) {
            throw new NotFound("training of", agent);
        }
        try {
            var json = JSON.readTree(Files.readAllBytes(file));
            return new Order(
                    json.path("environment").asText(),
                    new TrainingSettings(
                            json.path("steps").asLong(),
                            json.path("seed").asLong(),
                            json.path("evaluateEvery").asLong(),
                            json.path("episodes").asInt(),
                            json.path("saveEvery").asLong(),
                            json.path("stopAt").isNumber() ? json.path("stopAt").asDouble() : null,
                            json.path("patience").asInt()));
        } catch (JacksonException e) {
            throw new Damaged("the last training of the agent '" + agent + "' cannot be read", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lets the agent act without exploring, in a run of its own that others need not wait for.
     *
     * @param environment the name of the environment; null for the one the agent was made for
     */
    public Evaluation evaluate(LiveAgent agent, @Nullable String environment, int episodes, long seed) {
        String name = environment != null
                ? environment
                : agent.definition()
                        .environment()
                        .orElseThrow(() -> new InvalidInput("environment", "must be named: the agent has none"));
        try (Environment world = environment(name)) {
            if (world.observations().width()
                            != agent.definition().observations().width()
                    || !world.actions().equals(agent.definition().actions())) {
                throw new InvalidInput("environment", "does not suit the agent's observations and actions");
            }
            return Evaluation.of(policy(agent), world, episodes, seed, Progress.unobserved());
        }
    }

    private Environment environment(String name) {
        try {
            return environments.apply(name, new ImpatientProgress());
        } catch (NotFound e) {
            throw new InvalidInput("environment", String.valueOf(e.getMessage()));
        }
    }

    private static ObjectNode result(TrainingResult result) {
        ObjectNode json = JSON.createObjectNode()
                .put("steps", result.steps())
                .put("episodes", result.episodes())
                .put("returnMean", result.returnMean())
                .put("best", result.best())
                .put("seconds", result.seconds())
                .put("stepsPerSecond", result.stepsPerSecond())
                .put("bottleneck", result.bottleneck().label())
                .put("failedCheckpoints", result.failedCheckpoints());
        Evaluation evaluation = result.evaluation();
        if (evaluation != null) {
            json.putObject("evaluation")
                    .put("mean", evaluation.mean())
                    .put("standardDeviation", evaluation.standardDeviation());
        }
        result.normalizer().ifPresent(report -> json.set("normalizer", NormalizerReportJson.write(report)));
        ObjectNode profile = json.putObject("profile");
        result.profile().forEach((stage, share) -> profile.put(stage.label(), share));
        return json;
    }

    @Override
    public void close() {
        loading.shutdown();
        library.close();
    }

    private record Order(String environment, TrainingSettings settings) {}
}
