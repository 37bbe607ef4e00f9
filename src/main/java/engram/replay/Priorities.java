package engram.replay;

import engram.error.InvalidInput;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The priorities of a table's slots, and what its sampler and its remover look up in them. */
final class Priorities {
    private static final float FIRST = 1;
    /** The sum of as many as a table can hold is still a float. */
    private static final float MOST = 1e25f;

    private final float[] values;
    private final double alpha;
    private final float epsilon;
    private final @Nullable SumTree sums;
    private final @Nullable LowestTree lowest;
    private float maximum = FIRST;
    private float maximumWeight = FIRST;

    Priorities(TableSettings settings) {
        values = new float[settings.keepsPriorities() ? settings.capacity() : 0];
        if (settings.sampler() instanceof Sampler.Prioritized prioritized) {
            alpha = prioritized.alpha();
            epsilon = (float) prioritized.epsilon();
            sums = new SumTree(settings.capacity());
        } else {
            alpha = 1;
            epsilon = 0;
            sums = null;
        }
        lowest = settings.remover() instanceof Remover.LowestPriority ? new LowestTree(settings.capacity()) : null;
    }

    /** Gives a new row the highest priority there has been. */
    void add(int slot) {
        if (values.length > 0) {
            set(slot, maximum, maximumWeight);
        }
    }

    /** Checks new priorities. */
    void check(float[] priorities, int count) {
        for (int i = 0; i < count; i++) {
            if (!(priorities[i] >= 0 && priorities[i] <= MOST)) {
                throw new InvalidInput(
                        "priorities[" + i + "]", "must be a number from 0 to 1e25, not " + priorities[i]);
            }
        }
    }

    /** Changes a priority that has been checked. */
    void update(int slot, float priority) {
        if (values.length == 0) {
            return;
        }
        float value = priority + epsilon;
        if (value > maximum) {
            raise(value);
        }
        set(slot, value, weight(value));
    }

    /** The slot of the lowest priority. */
    int lowest() {
        return kept(lowest).lowest();
    }

    /** What priorities are drawn by. */
    SumTree sums() {
        return kept(sums);
    }

    float maximum() {
        return maximum;
    }

    float value(int slot) {
        return values[slot];
    }

    boolean kept() {
        return values.length > 0;
    }

    /** Begins to take in saved priorities: {@link #restore} for each slot, then {@link #restored}. */
    void restoring(float savedMaximum) {
        Arrays.fill(values, 0);
        raise(savedMaximum);
    }

    void restore(int slot, float value) {
        values[slot] = value;
        if (sums != null) {
            sums.setLeaf(slot, weight(value));
        }
        if (lowest != null) {
            lowest.setLeaf(slot, value);
        }
    }

    void restored() {
        if (sums != null) {
            sums.addUp();
        }
        if (lowest != null) {
            lowest.playAll();
        }
    }

    private void raise(float value) {
        maximum = value;
        maximumWeight = weight(value);
    }

    private void set(int slot, float value, float weight) {
        values[slot] = value;
        if (sums != null) {
            sums.set(slot, weight);
        }
        if (lowest != null) {
            lowest.set(slot, value);
        }
    }

    private float weight(float value) {
        return alpha == 1 ? value : (float) Math.pow(value, alpha);
    }

    private static <T> T kept(@Nullable T tree) {
        if (tree == null) {
            throw new IllegalStateException("This table keeps no priorities of this kind.");
        }
        return tree;
    }
}
