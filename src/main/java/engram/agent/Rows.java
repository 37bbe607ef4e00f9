package engram.agent;

import engram.replay.Batch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a local batch and, below them, those of a batch from shared memory, as one. Arrays of its own.
 *
 * @param count of all rows
 * @param local how many of them are the learner's own
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, never compared
record Rows(
        int count,
        int local,
        float[] observations,
        float[] actions,
        float[] rewards,
        float[] nextObservations,
        boolean[] terminated,
        int[] steps,
        float[] weights,
        boolean @Nullable [] nextActionMasks) {
    static Rows of(Batch local, @Nullable Batch memory) {
        int own = local.size();
        int others = memory == null ? 0 : memory.size();
        int count = own + others;
        int width = local.shape().observationWidth();
        int actionWidth = local.shape().actionWidth();
        Rows rows = new Rows(
                count,
                own,
                new float[count * width],
                new float[count * actionWidth],
                new float[count],
                new float[count * width],
                new boolean[count],
                new int[count],
                new float[count],
                masks(local, own, memory, others));
        rows.take(local, 0, own);
        if (memory != null) {
            rows.take(memory, own, others);
        }
        return rows;
    }

    private void take(Batch batch, int from, int rows) {
        int width = batch.shape().observationWidth();
        int actionWidth = batch.shape().actionWidth();
        System.arraycopy(batch.observations(), 0, observations, from * width, rows * width);
        System.arraycopy(batch.actions(), 0, actions, from * actionWidth, rows * actionWidth);
        System.arraycopy(batch.rewards(), 0, rewards, from, rows);
        System.arraycopy(batch.nextObservations(), 0, nextObservations, from * width, rows * width);
        System.arraycopy(batch.terminated(), 0, terminated, from, rows);
        System.arraycopy(batch.steps(), 0, steps, from, rows);
        System.arraycopy(batch.weights(), 0, weights, from, rows);
    }

    /** The index of a discrete action. */
    int action(int row) {
        return (int) actions[row];
    }

    /** What the value of the next observation counts: γⁿ, nothing where the episode ended there. */
    double discount(int row, double discount) {
        if (terminated[row]) {
            return 0;
        }
        return steps[row] == 1 ? discount : Math.pow(discount, steps[row]);
    }

    private static boolean @Nullable [] masks(Batch local, int own, @Nullable Batch memory, int others) {
        int width = local.shape().maskWidth();
        if (width == 0) {
            return null;
        }
        boolean[] masks = new boolean[(own + others) * width];
        System.arraycopy(local.nextActionMasks(), 0, masks, 0, own * width);
        if (memory != null && memory.shape().maskWidth() == width) {
            System.arraycopy(memory.nextActionMasks(), 0, masks, own * width, others * width);
        } else {
            Arrays.fill(masks, own * width, masks.length, true);
        }
        return masks;
    }
}
