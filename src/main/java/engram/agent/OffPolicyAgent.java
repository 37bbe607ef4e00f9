package engram.agent;

import engram.environment.ActionSpace;
import engram.replay.Batch;
import engram.replay.Table;
import engram.replay.TransitionShape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A learner with its replay table and its rhythm: acts, takes in what followed, and learns when it is time. The table and
 * the learner belong to it. One platform thread uses it; {@link #policy} may be used by all.
 */
public final class OffPolicyAgent implements AutoCloseable {
    private final Learner learner;
    private final ActionSpace actions;
    private final Table table;
    private final LearningPlan plan;
    private final Rhythm rhythm;
    private final @Nullable MemoryBatches memory;
    private final Batch own;
    private final @Nullable Batch others;
    private final SeededRandom acting;
    private final SeededRandom sampling;
    private float[] carried;
    private long steps;
    private long updates;

    /**
     * @param learner handed over
     * @param actions what may be done
     * @param table handed over; of the learner's widths
     * @param memory where transitions of others come from; null for none
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
        this.plan = plan;
        this.rhythm = plan.rhythm();
        this.memory = memory;
        TransitionShape shape = table.settings().shape();
        this.own = new Batch(shape, rhythm.batch());
        this.others = memory == null ? null : new Batch(shape, plan.memoryBatch());
        SeededRandom random = new SeededRandom(seed);
        this.acting = random.split();
        this.sampling = random.split();
        this.carried = learner.policy().start(acting);
    }

    /** What it has learned so far. */
    public Policy policy() {
        return learner.policy();
    }

    /** How many steps it has taken in. */
    public long steps() {
        return steps;
    }

    /** How many steps of gradient descent it has taken. */
    public long updates() {
        return updates;
    }

    /** The share of random actions now, or for continuous actions 1. */
    public double exploration() {
        return plan.exploration().at(done());
    }

    /** Chooses an action to learn from: at random before it learns, then exploring as the schedule says. */
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

    /**
     * Takes in what followed an action, and learns if it is time.
     *
     * @param reward of one step
     * @param nextActionMask which actions are possible next; null for all
     * @param learned told of every step of learning
     */
    public void observe(
            float[] observation,
            float[] action,
            double reward,
            float[] next,
            boolean terminated,
            boolean truncated,
            boolean @Nullable [] nextActionMask,
            Consumer<LearningStep> learned) {
        table.insert(observation, action, (float) reward, next, terminated, truncated, 1, nextActionMask);
        steps++;
        if (terminated || truncated) {
            carried = learner.policy().start(acting);
        }
        if (rhythm.targetCounts() == Rhythm.Count.STEPS && steps % rhythm.targetEvery() == 0) {
            learner.renewTarget();
        }
        if (steps > rhythm.start() && steps % rhythm.every() == 0 && table.canSample(1)) {
            for (int update = 0; update < rhythm.updates(); update++) {
                learned.accept(learn());
            }
        }
    }

    private LearningStep learn() {
        double done = done();
        table.sample(own, rhythm.batch(), plan.correction().at(done), sampling);
        Batch fromMemory =
                memory != null && others != null && memory.draw(others, own, sampling) ? others : null;
        LearningStep step = learner.learn(own, fromMemory, done);
        table.updatePriorities(own.positions(), step.errors(), own.size());
        if (memory != null && fromMemory != null) {
            memory.learned(fromMemory, step.memoryErrors());
        }
        updates++;
        if (rhythm.targetCounts() == Rhythm.Count.UPDATES && updates % rhythm.targetEvery() == 0) {
            learner.renewTarget();
        }
        return step;
    }

    private double done() {
        return Math.min(1, (double) steps / plan.horizon());
    }

    @Override
    public void close() {
        learner.close();
        table.close();
    }
}
