package engram.replay;

import java.util.Arrays;

/** Priorities of slots and the slot of the lowest, in O(log n): a tournament in one flat array. */
final class LowestTree {
    private final float[] winners;
    private final int leaves;

    LowestTree(int capacity) {
        leaves = capacity == 1 ? 1 : Integer.highestOneBit(capacity - 1) << 1;
        winners = new float[2 * leaves];
        Arrays.fill(winners, Float.POSITIVE_INFINITY);
    }

    void set(int slot, float priority) {
        int node = leaves + slot;
        winners[node] = priority;
        for (node >>= 1; node >= 1; node >>= 1) {
            winners[node] = Math.min(winners[2 * node], winners[2 * node + 1]);
        }
    }

    /** Sets a priority without its winners; {@link #playAll} must follow before anything else is asked. */
    void setLeaf(int slot, float priority) {
        winners[leaves + slot] = priority;
    }

    void playAll() {
        for (int node = leaves - 1; node >= 1; node--) {
            winners[node] = Math.min(winners[2 * node], winners[2 * node + 1]);
        }
    }

    /** The slot of the lowest priority, of several the lowest slot. */
    int lowest() {
        int node = 1;
        while (node < leaves) {
            node = winners[2 * node] <= winners[2 * node + 1] ? 2 * node : 2 * node + 1;
        }
        return node - leaves;
    }
}
