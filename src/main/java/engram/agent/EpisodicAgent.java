package engram.agent;

import engram.agent.StageTimes.Stage;
import engram.environment.ActionSpace;
import engram.error.Damaged;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A learner of whole episodes, each of which it learns from once: what it is told of must have followed from actions of
 * its own policy.
 */
public final class EpisodicAgent implements Agent {
    private static final int MOST_MASK = 1 << 24;

    private final ReinforceLearner learner;
    private final ActionSpace actions;
    private final @Nullable MemoryBatches memory;
    private final SeededRandom acting;
    private final StageTimes times = new StageTimes();
    private final List<Episode> finished = new ArrayList<>();
    private Episode current;
    private float[] carried;
    private boolean @Nullable [] mask;
    private long steps;
    private long updates;
    private long horizon;

    /**
     * @param learner handed over
     * @param actions what may be done; the learner's
     * @param memory told of what it lives through, handed over; null for none
     * @param horizon over how many steps the schedules run, 1 or more
     * @param seed of the actions it draws
     */
    public EpisodicAgent(
            ReinforceLearner learner, ActionSpace actions, @Nullable MemoryBatches memory, long horizon, long seed) {
        this.learner = learner;
        this.actions = actions;
        this.memory = memory;
        this.horizon = horizon;
        this.acting = new SeededRandom(seed);
        this.current = begun();
        this.carried = learner.policy().start(acting);
    }

    private Episode begun() {
        return new Episode(learner.observations(), actions.width());
    }

    @Override
    public ActionSpace actions() {
        return actions;
    }

    @Override
    public Policy policy() {
        return learner.policy();
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public long updates() {
        return updates;
    }

    @Override
    public double exploration() {
        return 1;
    }

    @Override
    public Decision explore(float[] observation, boolean @Nullable [] allowed) {
        mask = allowed == null ? null : allowed.clone();
        return policy().decide(observation, allowed, carried, 1, acting);
    }

    @Override
    public void observe(Experience experience, Consumer<LearningStep> learned) {
        long start = System.nanoTime();
        learner.seen(experience.observation());
        current.add(experience.observation(), experience.action(), (float) experience.reward(), mask);
        boolean[] next = experience.nextActionMask();
        mask = experience.last() || next == null ? null : next.clone();
        steps++;
        if (memory != null) {
            memory.lived(steps, experience);
        }
        times.add(Stage.STORE, start);
        if (experience.last() || current.length() == learner.settings().longest()) {
            if (!experience.terminated()) {
                current.cut(experience.next());
            }
            finished.add(current);
            current = begun();
            carried = policy().start(acting);
        }
        if (finished.size() >= learner.settings().episodes()) {
            learned.accept(learn());
        }
    }

    private LearningStep learn() {
        long start = System.nanoTime();
        LearningStep step = learner.learn(finished, Math.min(1, (double) steps / horizon));
        finished.clear();
        updates++;
        times.add(Stage.UPDATE, start);
        return step;
    }

    @Override
    public void planFor(long steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("Schedules run over at least one step, not " + steps + ".");
        }
        horizon = steps;
    }

    @Override
    public Optional<NormalizerReport> normalizer() {
        return learner.normalizer();
    }

    @Override
    public StageTimes times() {
        return times;
    }

    @Override
    public void breakOff() {
        current = begun();
        carried = policy().start(acting);
        mask = null;
    }

    @Override
    public List<StatePart> parts() {
        return List.of(new LearnerPart(learner::state, learner::restore), new CourseOfAgent());
    }

    @Override
    public void close() {
        learner.close();
        if (memory != null) {
            memory.close();
        }
    }

    /** Counters, the random generator, episodes that wait to be learned from, and where the one under way is. */
    private final class CourseOfAgent implements StatePart {
        private static final int VERSION = 1;

        @Override
        public String name() {
            return "agent";
        }

        @Override
        public void write(DataOutput out) throws IOException {
            out.writeInt(VERSION);
            out.writeLong(steps);
            out.writeLong(updates);
            out.writeLong(horizon);
            out.writeLong(acting.state());
            out.writeInt(carried.length);
            for (float number : carried) {
                out.writeFloat(number);
            }
            boolean[] allowed = mask == null ? new boolean[0] : mask;
            out.writeInt(allowed.length);
            for (boolean each : allowed) {
                out.writeBoolean(each);
            }
            out.writeInt(finished.size());
            for (Episode episode : finished) {
                episode.write(out);
            }
            current.write(out);
        }

        @Override
        public void read(DataInput in) throws IOException {
            int version = in.readInt();
            if (version != VERSION) {
                throw new Damaged("the agent's counters have the unknown version " + version);
            }
            steps = in.readLong();
            updates = in.readLong();
            horizon = in.readLong();
            acting.restore(in.readLong());
            float[] read = new float[policy().start(acting).length];
            if (in.readInt() != read.length) {
                throw new Damaged("the agent carries something else through an episode");
            }
            for (int i = 0; i < read.length; i++) {
                read[i] = in.readFloat();
            }
            carried = read;
            boolean[] allowed = new boolean[count(in, MOST_MASK)];
            for (int i = 0; i < allowed.length; i++) {
                allowed[i] = in.readBoolean();
            }
            mask = allowed.length == 0 ? null : allowed;
            finished.clear();
            for (int left = count(in, learner.settings().episodes()); left > 0; left--) {
                finished.add(Episode.read(in, learner.observations(), actions.width()));
            }
            current = Episode.read(in, learner.observations(), actions.width());
        }

        private static int count(DataInput in, int most) throws IOException {
            int count = in.readInt();
            if (count < 0 || count > most) {
                throw new Damaged("the agent's counters are damaged");
            }
            return count;
        }
    }
}
