package engram.replay;

import engram.error.Damaged;
import engram.error.InvalidInput;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Folds single steps into transitions of up to n steps on their way into a table (Watkins 1989; Sutton and Barto 2018,
 * section 7.1): observation and action of the first step, reward Σ gamma^i · r(i), next observation, ends and mask of the
 * last. While an episode goes on, each row is n steps long. At its end the rows that have begun are shorter and say so in
 * {@code steps}; they are terminated or truncated as the last step was, so a truncated tail is bootstrapped from the final
 * observation with gamma^steps, and a terminated one from nothing.
 *
 * <p>One for each environment: steps of several must not be mixed. Not thread-safe. Does not allocate.
 */
public final class NStep {
    private static final int MAGIC = 0x454e474e;
    private static final int VERSION = 1;
    private static final int MOST = 10_000;

    private final int length;
    private final double gamma;
    private final Table table;
    private final TransitionShape shape;
    private final RowLayout layout;
    private final float[][] pending;
    private final float[] observation;
    private final float[] action;
    private final float[] next;
    private final boolean[] mask;
    private int first;
    private int held;

    /**
     * @param length n, 1 to 10,000; 1 passes every step on as it is
     * @param gamma the discount, in [0,1]
     * @param table where the folded transitions go
     */
    public NStep(int length, double gamma, Table table) {
        if (length < 1 || length > MOST) {
            throw new IllegalArgumentException("n is 1 to " + MOST + ", not " + length);
        }
        if (!(gamma >= 0 && gamma <= 1)) {
            throw new IllegalArgumentException("gamma is in [0,1], not " + gamma);
        }
        this.length = length;
        this.gamma = gamma;
        this.table = table;
        shape = table.settings().shape();
        layout = RowLayout.of(shape);
        pending = new float[length][layout.width()];
        observation = new float[shape.observationWidth()];
        action = new float[shape.actionWidth()];
        next = new float[shape.observationWidth()];
        mask = new boolean[shape.maskWidth()];
    }

    /**
     * Takes one step of the environment.
     *
     * @param nextActionMask null where all actions are possible
     * @throws engram.error.InvalidInput as {@link Table#insert}; the step is not taken then
     * @throws engram.error.StorageFull if the table's disk has no room: what was to be passed on is lost
     */
    public void step(
            float[] before,
            float[] taken,
            float reward,
            float[] after,
            boolean terminated,
            boolean truncated,
            boolean @Nullable [] nextActionMask) {
        float[] row = pending[(first + held) % length];
        layout.pack(row, before, taken, reward, after, terminated, truncated, 1, nextActionMask);
        held++;
        if (terminated || truncated) {
            try {
                flush();
            } finally {
                clear();
            }
        } else if (held == length) {
            emit();
        }
    }

    /** Takes one step that is not folded yet, as above. */
    public void step(Transition transition) {
        if (transition.steps() != 1) {
            throw new InvalidInput("steps", "must be 1 before folding, not " + transition.steps());
        }
        step(
                transition.observation(),
                transition.action(),
                transition.reward(),
                transition.nextObservation(),
                transition.terminated(),
                transition.truncated(),
                transition.nextActionMask());
    }

    /**
     * Passes on what has begun, with fewer steps than n: at an end, or where the steps stop in the middle of an episode. In
     * the middle of one the rows say neither terminated nor truncated; they are bootstrapped from the last observation all
     * the same.
     */
    public void flush() {
        while (held > 0) {
            emit();
        }
    }

    /** Forgets what has begun, where an episode broke off and its last steps are not to be learned from. */
    public void clear() {
        first = 0;
        held = 0;
    }

    /** How many steps wait for the ones that follow. */
    public int pending() {
        return held;
    }

    /** Writes what has begun, for {@link #read}. */
    public void write(DataOutput out) throws IOException {
        StateWriter writer = new StateWriter(out);
        writer.putInt(MAGIC).putInt(VERSION).putInt(layout.width()).putInt(held);
        for (int i = 0; i < held; i++) {
            writer.putFloats(pending[(first + i) % length], layout.width());
        }
        writer.putChecksum();
    }

    /**
     * Takes over what had begun.
     *
     * @throws engram.error.Damaged if the bytes are not as {@link #write} wrote them, or are of another n or width
     */
    public void read(DataInput in) throws IOException {
        StateReader reader = new StateReader(in);
        if (reader.getInt() != MAGIC || reader.getInt() != VERSION || reader.getInt() != layout.width()) {
            throw new Damaged("These are not the pending steps of this table in format " + VERSION + ".");
        }
        int saved = reader.getInt();
        if (saved < 0 || saved >= length) {
            throw new Damaged("There cannot be " + saved + " pending steps where " + length + " are folded.");
        }
        clear();
        for (int i = 0; i < saved; i++) {
            reader.getFloats(pending[i], layout.width());
        }
        reader.checkChecksum();
        held = saved;
    }

    /** Passes on the transition that begins at the oldest step and ends at the newest. */
    private void emit() {
        float[] oldest = pending[first];
        float[] newest = pending[(first + held - 1) % length];
        double folded = 0;
        double discount = 1;
        for (int i = 0; i < held; i++) {
            folded += discount * pending[(first + i) % length][layout.reward()];
            discount *= gamma;
        }
        System.arraycopy(oldest, 0, observation, 0, observation.length);
        System.arraycopy(oldest, layout.action(), action, 0, action.length);
        System.arraycopy(newest, layout.next(), next, 0, next.length);
        for (int i = 0; i < mask.length; i++) {
            mask[i] = newest[layout.mask() + i] != 0;
        }
        int ends = (int) newest[layout.flags()];
        int steps = held;
        first = (first + 1) % length;
        held--;
        table.insert(observation, action, (float) folded, next, (ends & 1) != 0, (ends & 2) != 0, steps, mask);
    }
}
