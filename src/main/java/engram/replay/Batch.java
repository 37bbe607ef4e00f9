package engram.replay;

/**
 * Transitions as columns, filled by a table and reused from one sample to the next: row-major flat arrays of
 * {@code capacity} rows, of which the first {@code size} are filled. The arrays are handed out as they are, without a
 * copy; they belong to whoever made the batch. Not thread-safe.
 */
public final class Batch {
    private final TransitionShape shape;
    private final float[] observations;
    private final float[] actions;
    private final float[] rewards;
    private final float[] nextObservations;
    private final boolean[] terminated;
    private final boolean[] truncated;
    private final int[] steps;
    private final float[] weights;
    private final long[] positions;
    private final boolean[] nextActionMasks;
    private int size;

    /**
     * @param shape of the table that will fill it
     * @param capacity the most rows, at least 1
     */
    public Batch(TransitionShape shape, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("A batch has at least one row, not " + capacity + ".");
        }
        this.shape = shape;
        observations = new float[Math.multiplyExact(capacity, shape.observationWidth())];
        actions = new float[Math.multiplyExact(capacity, shape.actionWidth())];
        rewards = new float[capacity];
        nextObservations = new float[observations.length];
        terminated = new boolean[capacity];
        truncated = new boolean[capacity];
        steps = new int[capacity];
        weights = new float[capacity];
        positions = new long[capacity];
        nextActionMasks = new boolean[Math.multiplyExact(capacity, shape.maskWidth())];
    }

    /** How wide its rows are. */
    public TransitionShape shape() {
        return shape;
    }

    /** The most rows. */
    public int capacity() {
        return rewards.length;
    }

    /** How many rows are filled. */
    public int size() {
        return size;
    }

    /** Observations, {@code size × observationWidth}. */
    public float[] observations() {
        return observations;
    }

    /** Actions in their flat form, {@code size × actionWidth}. */
    public float[] actions() {
        return actions;
    }

    /** Rewards, folded over {@link #steps}. */
    public float[] rewards() {
        return rewards;
    }

    /** Next observations, {@code size × observationWidth}. */
    public float[] nextObservations() {
        return nextObservations;
    }

    /** Whether the next observation's value counts nothing. */
    public boolean[] terminated() {
        return terminated;
    }

    /** Whether the episode was cut there; its next observation is bootstrapped from all the same. */
    public boolean[] truncated() {
        return truncated;
    }

    /** Over how many steps each reward was folded. */
    public int[] steps() {
        return steps;
    }

    /** Importance weights in (0,1], the largest of them 1; all 1 where rows were not drawn by priority. */
    public float[] weights() {
        return weights;
    }

    /** What {@link Table#updatePriorities} is told; of no other meaning. */
    public long[] positions() {
        return positions;
    }

    /** Which actions are possible next, {@code size × maskWidth}; empty where the shape has no mask. */
    public boolean[] nextActionMasks() {
        return nextActionMasks;
    }

    /**
     * Says how many rows are filled, for whoever fills the arrays.
     *
     * @param rows 1 to the capacity
     */
    public void resize(int rows) {
        if (rows < 1 || rows > capacity()) {
            throw new IllegalArgumentException(
                    "This batch has room for 1 to " + capacity() + " rows, not for " + rows + ".");
        }
        size = rows;
    }
}
