package engram.training;

import engram.agent.Agent;
import engram.agent.Decision;
import engram.agent.Experience;
import engram.agent.StageTimes.Stage;
import engram.agent.StatePart;
import engram.environment.Environment;
import engram.environment.Reset;
import engram.environment.Savable;
import engram.environment.Step;
import engram.error.Damaged;
import engram.error.Unavailable;
import engram.run.Progress;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Trains an agent in an environment: lets it act, tells it what followed, evaluates it in an environment of its own, keeps
 * the best, writes checkpoints. Agent and environments stay their owner's. One platform thread.
 *
 * <p>A training that was taken up from a checkpoint goes on bit for bit as the one that was interrupted would have, where
 * the environment is {@link Savable}; where it is not, a new episode begins.
 */
public final class Trainer {
    private final Agent agent;
    private final Environment environment;
    private final Environment evaluation;
    private final TrainingSettings settings;
    private final @Nullable Checkpoints checkpoints;
    private final Consumer<TrainingEvent> watcher;
    private final Pause pause;
    private float @Nullable [] observation;
    private boolean @Nullable [] mask;
    private double sum;
    private int length;
    private long episodes;
    private double best = Double.NEGATIVE_INFINITY;
    private int stale;
    private boolean reached;
    private long evaluatedAt = -1;
    private long savedAt = -1;

    /**
     * @param environment where it acts
     * @param evaluation where it is evaluated: another instance, so that evaluating disturbs nothing
     * @param checkpoints where its state goes; null for nowhere
     * @param watcher told of everything that happens
     * @param pause lets others hold it
     */
    public Trainer(
            Agent agent,
            Environment environment,
            Environment evaluation,
            TrainingSettings settings,
            @Nullable Checkpoints checkpoints,
            Consumer<TrainingEvent> watcher,
            Pause pause) {
        this.agent = agent;
        this.environment = environment;
        this.evaluation = evaluation;
        this.settings = settings;
        this.checkpoints = checkpoints;
        this.watcher = watcher;
        this.pause = pause;
    }

    /**
     * Takes up the newest checkpoint that is whole.
     *
     * @return after how many steps it was written; empty if there is none
     */
    public OptionalLong resume() throws IOException {
        OptionalLong step = checkpoints == null ? OptionalLong.empty() : checkpoints.restore(parts());
        savedAt = step.orElse(savedAt);
        return step;
    }

    /**
     * Trains until the agent has taken all steps or an early end is reached; cancelled, or with its environment gone, it
     * writes a checkpoint and throws.
     *
     * @throws CancellationException if the run was cancelled; it can be resumed
     * @throws Unavailable if the environment cannot be reached any more; it can be resumed
     */
    public void train(Progress progress) {
        long began = System.nanoTime();
        try {
            settle(progress);
            while (agent.steps() < settings.steps() && !reached) {
                pause.await(progress);
                step(began);
                settle(progress);
            }
        } catch (CancellationException | Unavailable e) {
            save();
            throw e;
        }
        save();
    }

    /** Does what is due after this step, and has not been done before an interruption. */
    private void settle(Progress progress) {
        if (due(settings.evaluateEvery()) && evaluatedAt != agent.steps()) {
            evaluate(progress);
        }
        if (due(settings.saveEvery())) {
            save();
        }
    }

    private void step(long began) {
        long start = System.nanoTime();
        float[] before = observation;
        if (before == null) {
            // A seed for the first episode alone: the environment's own generator goes on from there.
            Reset reset = environment.reset(episodes == 0 && agent.steps() == 0 ? settings.seed() : null);
            before = reset.observation();
            mask = reset.info().actionMask();
            start = agent.times().add(Stage.ENVIRONMENT, start);
        }
        Decision decision = agent.explore(before, mask);
        start = agent.times().add(Stage.ACT, start);
        Step step = environment.step(environment.actions().unflatten(decision.action(), 0));
        agent.times().add(Stage.ENVIRONMENT, start);
        if (step.info().faulty()) {
            // What the environment shows after a fault followed from no action.
            agent.breakOff();
            beginAnew();
            return;
        }
        mask = step.info().actionMask();
        agent.observe(
                new Experience(
                        before,
                        decision.action(),
                        step.reward(),
                        step.observation(),
                        step.terminated(),
                        step.truncated(),
                        mask),
                learning -> watcher.accept(new TrainingEvent.Learned(agent.steps(), agent.updates(), learning)));
        sum += step.reward();
        length++;
        observation = step.observation();
        if (step.finished()) {
            episodes++;
            watcher.accept(new TrainingEvent.EpisodeEnded(
                    agent.steps(), episodes, sum, length, (System.nanoTime() - began) * 1e-9, agent.exploration()));
            beginAnew();
        }
    }

    private void beginAnew() {
        observation = null;
        sum = 0;
        length = 0;
    }

    private void evaluate(Progress progress) {
        long start = System.nanoTime();
        // Far from the seeds that a user gives episodes of training.
        Evaluation result =
                Evaluation.of(agent.policy(), evaluation, settings.episodes(), settings.seed() + 1_000_000, progress);
        evaluatedAt = agent.steps();
        boolean better = result.mean() > best;
        if (better) {
            best = result.mean();
            stale = 0;
        } else {
            stale++;
        }
        boolean good = settings.stopAt() != null && result.mean() >= settings.stopAt();
        boolean hopeless = settings.patience() > 0 && stale >= settings.patience();
        reached = good || hopeless;
        if (better && checkpoints != null) {
            saved(checkpoints::saveBest, agent.parts().subList(0, 1));
        }
        agent.times().add(Stage.EVALUATE, start);
        watcher.accept(new TrainingEvent.Evaluated(agent.steps(), result, better));
    }

    private boolean due(long every) {
        return every > 0 && agent.steps() > 0 && agent.steps() % every == 0;
    }

    private void save() {
        if (checkpoints != null && savedAt != agent.steps()) {
            long start = System.nanoTime();
            savedAt = agent.steps();
            saved(checkpoints::save, parts());
            agent.times().add(Stage.EVALUATE, start);
        }
    }

    private void saved(Saving saving, List<StatePart> parts) {
        try {
            watcher.accept(new TrainingEvent.Saved(agent.steps(), saving.save(agent.steps(), parts)));
        } catch (IOException e) {
            watcher.accept(new TrainingEvent.NotSaved(agent.steps(), String.valueOf(e.getMessage())));
        }
    }

    private List<StatePart> parts() {
        List<StatePart> parts = new ArrayList<>(agent.parts());
        parts.add(new CourseOfTraining());
        return parts;
    }

    private interface Saving {
        Path save(long step, List<StatePart> parts) throws IOException;
    }

    /** Where the episode and the search for the best are. */
    private final class CourseOfTraining implements StatePart {
        private static final int VERSION = 1;

        @Override
        public String name() {
            return "training";
        }

        @Override
        public void write(DataOutput out) throws IOException {
            out.writeInt(VERSION);
            out.writeLong(episodes);
            out.writeDouble(best);
            out.writeInt(stale);
            out.writeLong(evaluatedAt);
            out.writeBoolean(reached);
            out.writeBoolean(environment instanceof Savable);
            if (environment instanceof Savable savable) {
                savable.save(out);
            }
            float[] seen = environment instanceof Savable ? observation : null;
            out.writeBoolean(seen != null);
            if (seen != null) {
                out.writeDouble(sum);
                out.writeInt(length);
                for (float number : seen) {
                    out.writeFloat(number);
                }
                boolean[] allowed = mask == null ? new boolean[0] : mask;
                out.writeInt(allowed.length);
                for (boolean each : allowed) {
                    out.writeBoolean(each);
                }
            }
        }

        @Override
        public void read(DataInput in) throws IOException {
            int version = in.readInt();
            if (version != VERSION) {
                throw new Damaged("the training's counters have the unknown version " + version);
            }
            episodes = in.readLong();
            best = in.readDouble();
            stale = in.readInt();
            evaluatedAt = in.readLong();
            reached = in.readBoolean();
            boolean savable = in.readBoolean();
            if (savable != environment instanceof Savable) {
                throw new Damaged("the training was in an environment of another kind");
            }
            if (environment instanceof Savable kept) {
                kept.restore(in);
            } else {
                // A new episode begins: what the agent holds of the old one has no end any more.
                agent.breakOff();
            }
            observation = null;
            sum = 0;
            length = 0;
            if (in.readBoolean()) {
                sum = in.readDouble();
                length = in.readInt();
                float[] numbers = new float[environment.observations().width()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = in.readFloat();
                }
                observation = numbers;
                boolean[] flags = new boolean[in.readInt()];
                for (int i = 0; i < flags.length; i++) {
                    flags[i] = in.readBoolean();
                }
                mask = flags.length == 0 ? null : flags;
            }
        }
    }
}
