package engram.agent;

import engram.agent.StageTimes.Stage;
import engram.environment.ActionSpace;
import engram.error.Damaged;
import engram.replay.Batch;
import engram.replay.NStep;
import engram.replay.Table;
import engram.replay.TransitionShape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A learner with its replay table and its rhythm: every step goes into the table, and what is learned from is drawn from
 * it and, if there is one, from shared memory.
 */
public final class OffPolicyAgent implements Agent {
    private final Learner learner;
    private final ActionSpace actions;
    private final LearningPlan plan;
    private final Rhythm rhythm;
    private final @Nullable MemoryBatches memory;
    private final Batch own;
    private final @Nullable Batch others;
    private final SeededRandom acting;
    private final SeededRandom sampling;
    private final StageTimes times = new StageTimes();
    private Table table;
    private NStep folding;
    private float[] carried;
    private long steps;
    private long updates;
    private long horizon;

    /**
     * @param learner handed over
     * @param actions what may be done
     * @param table handed over; of the learner's widths
     * @param memory where transitions of others come from, handed over; null for none
     * @param seed of exploration and of what is drawn from the table
     */
    public OffPolicyAgent(
            Learner learner,
            ActionSpace actions,
            Table table,
            LearningPlan plan,
            @Nullable MemoryBatches memory,
            long seed) {
        this.learner = learner;
        this.actions = actions;
        this.table = table;
        this.folding = new NStep(plan.foldedSteps(), learner.discount(), table);
        this.plan = plan;
        this.rhythm = plan.rhythm();
        this.horizon = plan.horizon();
        this.memory = memory;
        TransitionShape shape = table.settings().shape();
        this.own = new Batch(shape, rhythm.batch());
        this.others = memory == null ? null : new Batch(shape, plan.memoryBatch());
        SeededRandom random = new SeededRandom(seed);
        this.acting = random.split();
        this.sampling = random.split();
        this.carried = learner.policy().start(acting);
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
    public double exploration() {
        return plan.exploration().at(done());
    }

    /** Chooses an action: at random before it learns, then exploring as the schedule says. */
    @Override
    public Decision explore(float[] observation, boolean @Nullable [] mask) {
        if (steps < rhythm.start()) {
            float[] random =
                    switch (actions) {
                        case ActionSpace.Discrete(int count) -> new float[] {Masks.random(count, mask, acting)};
                        case ActionSpace.Box box -> box.flatten(box.sample(acting));
                    };
            return new Decision(random, new float[0]);
        }
        return policy().decide(observation, mask, carried, exploration(), acting);
    }

    @Override
    public void observe(Experience experience, Consumer<LearningStep> learned) {
        long start = System.nanoTime();
        learner.seen(experience.observation());
        folding.step(
                experience.observation(),
                experience.action(),
                (float) experience.reward(),
                experience.next(),
                experience.terminated(),
                experience.truncated(),
                experience.nextActionMask());
        steps++;
        if (memory != null) {
            memory.lived(steps, experience);
        }
        times.add(Stage.STORE, start);
        if (experience.last()) {
            carried = learner.policy().start(acting);
        }
        if (rhythm.targetCounts() == Rhythm.Count.STEPS && steps % rhythm.targetEvery() == 0) {
            learner.renewTarget();
        }
        if (steps <= rhythm.start()) {
            rehearse(learned);
        }
        if (steps > rhythm.start() && steps % rhythm.every() == 0 && table.size() > 0) {
            for (int update = 0; update < rhythm.updates(); update++) {
                learned.accept(learn());
            }
        }
    }

    @Override
    public void breakOff() {
        folding.clear();
        carried = learner.policy().start(acting);
    }

    /** Learns from shared memory alone what is due by this step. */
    private void rehearse(Consumer<LearningStep> learned) {
        if (memory == null || others == null || table.size() == 0) {
            return;
        }
        long until = plan.rehearsal() * steps / rhythm.start();
        for (long update = plan.rehearsal() * (steps - 1) / rhythm.start(); update < until; update++) {
            long start = System.nanoTime();
            long before = sampling.state();
            table.sample(own, rhythm.batch(), 1, sampling);
            if (!memory.draw(others, own, sampling)) {
                // As if it had no memory at all.
                sampling.restore(before);
                return;
            }
            start = times.add(Stage.SAMPLE, start);
            LearningStep step = learner.learn(others, null, done()).ofMemoryAlone();
            memory.learned(others, step.memoryErrors());
            updates++;
            if (updates % updatesBetweenRenewals() == 0) {
                learner.renewTarget();
            }
            times.add(Stage.UPDATE, start);
            learned.accept(step);
        }
    }

    /** How many updates lie between two renewals of the target once it acts. */
    private long updatesBetweenRenewals() {
        return switch (rhythm.targetCounts()) {
            case UPDATES -> rhythm.targetEvery();
            case STEPS -> Math.max(rhythm.updates(), (long) rhythm.targetEvery() * rhythm.updates() / rhythm.every());
        };
    }

    private LearningStep learn() {
        double done = done();
        long start = System.nanoTime();
        table.sample(own, rhythm.batch(), plan.correction().at(done), sampling);
        Batch fromMemory = memory != null && others != null && memory.draw(others, own, sampling) ? others : null;
        start = times.add(Stage.SAMPLE, start);
        LearningStep step = learner.learn(own, fromMemory, done);
        table.updatePriorities(own.positions(), step.errors(), own.size());
        if (memory != null && fromMemory != null) {
            memory.learned(fromMemory, step.memoryErrors());
        }
        updates++;
        if (rhythm.targetCounts() == Rhythm.Count.UPDATES && updates % rhythm.targetEvery() == 0) {
            learner.renewTarget();
        }
        times.add(Stage.UPDATE, start);
        return step;
    }

    private double done() {
        return Math.min(1, (double) steps / horizon);
    }

    @Override
    public List<StatePart> parts() {
        return List.of(new LearnerPart(learner::state, learner::restore), new ReplayPart(), new CourseOfAgent());
    }

    @Override
    public void close() {
        learner.close();
        table.close();
        if (memory != null) {
            memory.close();
        }
    }

    private final class ReplayPart implements StatePart.Growing {
        @Override
        public String name() {
            return "replay";
        }

        @Override
        public void write(DataOutput out) throws IOException {
            table.write(out);
        }

        @Override
        public void read(DataInput in) throws IOException {
            Table read = Table.read(in);
            if (!read.settings().equals(table.settings())) {
                read.close();
                throw new Damaged("the replay table belongs to an agent with other settings");
            }
            table.close();
            table = read;
            folding = new NStep(plan.foldedSteps(), learner.discount(), table);
        }

        @Override
        public long mark() {
            return table.inserted();
        }

        @Override
        public void writeSince(DataOutput out, long mark) throws IOException {
            table.writeSince(out, mark);
        }

        @Override
        public void readSince(DataInput in) throws IOException {
            table.readSince(in);
        }
    }

    /** Counters, random generators and what is carried through the episode. */
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
            out.writeLong(sampling.state());
            folding.write(out);
            out.writeInt(carried.length);
            for (float number : carried) {
                out.writeFloat(number);
            }
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
            sampling.restore(in.readLong());
            folding.read(in);
            float[] read = new float[learner.policy().start(acting).length];
            if (in.readInt() != read.length) {
                throw new Damaged("the agent carries something else through an episode");
            }
            for (int i = 0; i < read.length; i++) {
                read[i] = in.readFloat();
            }
            carried = read;
        }
    }
}
