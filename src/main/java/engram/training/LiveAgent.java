package engram.training;

import engram.agent.Agent;
import engram.agent.Experience;
import engram.agent.LearningStep;
import engram.agent.NormalizerReport;
import engram.agent.Policy;
import engram.environment.Environment;
import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.InvalidInput;
import engram.run.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An agent that is in use: it acts for whoever asks, from the policy it has now, while one at a time teaches it, by a
 * training or by what it lived through elsewhere. Thread-safe; learning happens on the calling thread, which is a platform
 * thread.
 */
public final class LiveAgent implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LiveAgent.class.getName());
    private static final int CHECKPOINTS = 5;
    private static final int CLOSES_WITHIN_SECONDS = 5;
    private static final long PUBLISH_EVERY = 1_000_000_000L;

    private final AgentDefinition definition;
    private final Path home;
    private final AgentMaker maker;
    private final Checkpoints checkpoints;
    private final ReentrantLock learning = new ReentrantLock();
    private final Pause pause = new Pause();
    private @Nullable Agent agent;
    private volatile @Nullable Policy policy;
    private volatile long steps;
    private volatile Optional<NormalizerReport> normalizer = Optional.empty();
    private volatile boolean training;
    private volatile boolean ended;
    private long savedSteps;
    private long published;

    LiveAgent(AgentDefinition definition, Path home, AgentMaker maker) {
        this.definition = definition;
        this.home = home;
        this.maker = maker;
        this.checkpoints = new Checkpoints(home.resolve("checkpoints"), CHECKPOINTS);
        this.steps = checkpoints.list().stream().findFirst().orElse(0L);
    }

    /** What it is. */
    public AgentDefinition definition() {
        return definition;
    }

    /** How many steps it has learned from. */
    public long steps() {
        return steps;
    }

    /**
     * How its observations are brought to its network; empty where it sees them as they are, and before it has learned in
     * this process.
     */
    public Optional<NormalizerReport> normalizer() {
        return normalizer;
    }

    /** Whether a training is under way. */
    public boolean isTraining() {
        return training;
    }

    /** Holds its training and lets it go on. */
    public Pause pause() {
        return pause;
    }

    /** Where TensorBoard events and the monitor file of its trainings are. */
    public Path logs() {
        return home.resolve("logs");
    }

    /**
     * The policy it has now. An agent that has not learned in this process reads it from its newest checkpoint, without
     * PyTorch; one that has never learned has the policy it was made with.
     */
    public Policy policy() {
        Policy now = policy;
        return now != null ? now : loaded();
    }

    /** The policy if it is in memory already; null if {@link #policy} would have to load it. */
    public @Nullable Policy policyIfReady() {
        return policy;
    }

    private Policy loaded() {
        learning.lock();
        try {
            Policy now = policy;
            if (now == null) {
                now = checkpoints.list().isEmpty() ? agent().policy() : fromCheckpoint();
                policy = now;
            }
            return now;
        } finally {
            learning.unlock();
        }
    }

    private Policy fromCheckpoint() {
        PolicyPart part = new PolicyPart(definition);
        try {
            checkpoints.restore(List.of(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Policy read = part.policy();
        if (read == null) {
            throw new Damaged("the checkpoints of the agent '" + definition.id() + "' are gone");
        }
        return read;
    }

    /**
     * Learns from what it lived through elsewhere.
     *
     * @param experiences in the order they happened
     * @return the last step of learning; null if it did not learn yet
     * @throws Conflict if it is being trained or has been deleted
     */
    public @Nullable LearningStep observe(List<Experience> experiences) {
        begin();
        try {
            Agent now = agent();
            LearningStep[] last = new LearningStep[1];
            for (Experience experience : experiences) {
                now.observe(experience, step -> last[0] = step);
            }
            publish(now);
            return last[0];
        } finally {
            learning.unlock();
        }
    }

    /**
     * Trains it. Progress is told of, and what it learns acts at once.
     *
     * @param settings {@code steps} counts from the agent's first step
     * @param resume whether the last training is taken up where it was, instead of beginning a new one
     * @param environments makes an environment to learn in and one to evaluate in, by its name and the progress
     * @throws Conflict if it is being trained already or has been deleted
     */
    public TrainingResult train(
            String name,
            TrainingSettings settings,
            boolean resume,
            BiFunction<String, Progress, Environment> environments,
            Progress progress)
            throws IOException {
        begin();
        training = true;
        try (Environment environment = environments.apply(name, progress);
                Environment evaluation = environments.apply(name, progress)) {
            requireFitting(environment);
            Agent now = agent();
            now.planFor(settings.steps());
            publish(now);
            TrainingReport report = new TrainingReport(now, settings, progress);
            try (TrainingLog log = new TrainingLog(logs(), name, now, maker.clock())) {
                Consumer<TrainingEvent> watcher = event -> {
                    log.accept(event);
                    report.accept(event);
                    publishNowAndThen(now);
                };
                Trainer trainer = new Trainer(now, environment, evaluation, settings, checkpoints, watcher, pause);
                if (resume) {
                    trainer.resume();
                }
                trainer.train(progress);
            }
            return report.result();
        } finally {
            try {
                Agent now = agent;
                if (now != null) {
                    publish(now);
                    savedSteps = now.steps();
                }
            } finally {
                pause.release();
                training = false;
                learning.unlock();
            }
        }
    }

    private void begin() {
        if (!learning.tryLock()) {
            throw new Conflict(
                    "agent", "the agent '" + definition.id() + "' is learning already; wait or cancel its training");
        }
        if (ended) {
            learning.unlock();
            throw new Conflict("agent", "the agent '" + definition.id() + "' has been deleted");
        }
    }

    private void requireFitting(Environment environment) {
        if (environment.observations().width() != definition.observations().width()
                || !environment.actions().equals(definition.actions())) {
            throw new InvalidInput(
                    "environment",
                    "has observations of " + environment.observations().width() + " numbers and "
                            + environment.actions() + "; this agent was made for "
                            + definition.observations().width() + " and " + definition.actions());
        }
    }

    /** The agent itself, for whoever has the lock. */
    private Agent agent() {
        Agent now = agent;
        if (now == null) {
            now = maker.make(definition);
            try {
                checkpoints.restore(now.parts());
            } catch (IOException e) {
                now.close();
                throw new UncheckedIOException(e);
            } catch (RuntimeException e) {
                now.close();
                throw e;
            }
            savedSteps = now.steps();
            agent = now;
        }
        return now;
    }

    private void publishNowAndThen(Agent now) {
        if (System.nanoTime() - published > PUBLISH_EVERY) {
            publish(now);
        }
    }

    private void publish(Agent now) {
        policy = now.policy();
        steps = now.steps();
        normalizer = now.normalizer();
        published = System.nanoTime();
    }

    /** Writes what was learned online since the last checkpoint; does nothing during a training, which does so itself. */
    public void save() {
        if (!learning.tryLock()) {
            return;
        }
        try {
            Agent now = agent;
            if (now != null && now.steps() != savedSteps && !ended) {
                checkpoints.save(now.steps(), now.parts());
                savedSteps = now.steps();
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "what the agent {0} learned since {1} steps is not saved yet: {2}",
                    definition.id(),
                    savedSteps,
                    e.toString());
        } finally {
            learning.unlock();
        }
    }

    /**
     * Ends its life.
     *
     * @throws Conflict if it is being trained
     */
    void end() {
        begin();
        try {
            ended = true;
            free();
        } finally {
            learning.unlock();
        }
    }

    @Override
    public void close() {
        save();
        try {
            // A training that does not stop keeps what it works on; the process ends around it.
            if (learning.tryLock(CLOSES_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                try {
                    free();
                } finally {
                    learning.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void free() {
        Agent now = agent;
        if (now != null) {
            now.close();
            agent = null;
        }
    }
}
