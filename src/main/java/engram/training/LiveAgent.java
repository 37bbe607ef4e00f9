package engram.training;

import engram.agent.Agent;
import engram.agent.Experience;
import engram.agent.LearningStep;
import engram.agent.NormalizerReport;
import engram.agent.Policy;
import engram.environment.Environment;
import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import engram.run.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final int CLOSES_WITHIN_SECONDS = 5;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final long PUBLISH_EVERY = 1_000_000_000L;

    private final AgentDefinition definition;
    private final Path home;
    private final AgentMaker maker;
    private final AgentFiles files;
    private final ReentrantLock learning = new ReentrantLock();
    private final Pause pause = new Pause();
    private @Nullable Agent agent;
    private volatile @Nullable Policy policy;
    private volatile long steps;
    private volatile Optional<NormalizerReport> normalizer = Optional.empty();
    private volatile boolean training;
    private volatile boolean ended;
    private volatile boolean closed;
    private long published;

    LiveAgent(AgentDefinition definition, Path home, AgentMaker maker) {
        this.definition = definition;
        this.home = home;
        this.maker = maker;
        this.files = new AgentFiles(definition, home);
        this.steps = files.steps();
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
     * PyTorch, unless it was taught after that; one that has never learned has the policy it was made with.
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
                now = files.policy().orElseGet(() -> agent().policy());
                policy = now;
            }
            return now;
        } finally {
            learning.unlock();
        }
    }

    /**
     * Learns from what it lived through elsewhere. That is on disk before it is learned from: when this returns, no crash
     * takes it away.
     *
     * @param experiences in the order they happened
     * @return the last step of learning; null if it did not learn yet
     * @throws Conflict if it is being trained or has been deleted
     * @throws engram.error.StorageFull if there is no room to write them down; nothing is learned then
     */
    public @Nullable LearningStep observe(List<Experience> experiences) {
        begin();
        try {
            Agent now = agent();
            files.observed(now, experiences);
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
            // A training that is resumed begins with a checkpoint, and so with nothing that is not in one.
            files.save(now);
            now.planFor(settings.steps());
            publish(now);
            TrainingReport report = new TrainingReport(now, settings, progress);
            try (TrainingLog log = new TrainingLog(logs(), name, now, maker.clock())) {
                Consumer<TrainingEvent> watcher = event -> {
                    log.accept(event);
                    report.accept(event);
                    publishNowAndThen(now);
                };
                Trainer trainer =
                        new Trainer(now, environment, evaluation, settings, files.checkpoints(), watcher, pause);
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
                    files.trained();
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
        if (closed) {
            learning.unlock();
            throw closing();
        }
    }

    private static Unavailable closing() {
        return new Unavailable("no agent learns while the service stops", RETRY_AFTER);
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
            if (closed) {
                throw closing();
            }
            now = maker.make(definition);
            try {
                files.restore(now);
            } catch (RuntimeException e) {
                now.close();
                throw e;
            }
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

    /** Writes a checkpoint of what was learned online; does nothing during a training, which does so itself. */
    public void save() {
        if (!learning.tryLock()) {
            return;
        }
        try {
            Agent now = agent;
            if (now != null && !ended) {
                files.save(now);
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "what the agent {0} learned since {1} steps has no checkpoint yet: {2}",
                    definition.id(),
                    files.saved(),
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

    /** Writes what it learned and frees what it holds. It goes on acting by the policy it has. */
    @Override
    public void close() {
        save();
        closed = true;
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
        files.close();
        Agent now = agent;
        if (now != null) {
            now.close();
            agent = null;
        }
    }
}
