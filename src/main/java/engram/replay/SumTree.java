package engram.replay;

import java.util.Arrays;

/**
 * Weights of slots, their sum, and the slot in which a share of the sum falls, in O(log n): a tree in one flat array
 * whose nodes hold the sums of 16 children each, so that a descent into a million slots touches five groups of adjacent
 * numbers. Sums are added up anew from the children on every change, never corrected by a difference: they do not drift,
 * and they depend only on the weights, not on how these came about. As floats they are off by less than a millionth, and a
 * group is one cache line.
 */
final class SumTree {
    private static final int SHIFT = 4;
    private static final int FAN = 1 << SHIFT;

    /**
     * So many places before the first group, so that a group is one cache line where the array begins a region of the heap:
     * 64 bytes less the array's header of 16, in floats.
     */
    private static final int PADDING = 12;

    /** Level after level from the slots up, each filled up with zeros to whole groups; the last level is one group. */
    private final float[] sums;

    private final int[] levels;
    private final double[] belows = new double[4];
    /** What lies below the part chosen last. */
    private double below;

    SumTree(int capacity) {
        int[] starts = new int[9];
        int depth = 0;
        int total = PADDING;
        int nodes = capacity;
        while (true) {
            int groups = ((nodes - 1) >> SHIFT) + 1;
            starts[depth++] = total;
            total = Math.addExact(total, groups << SHIFT);
            if (groups == 1) {
                break;
            }
            nodes = groups;
        }
        sums = new float[total];
        levels = Arrays.copyOf(starts, depth);
    }

    float total() {
        return sumOfGroup(levels[levels.length - 1]);
    }

    float get(int slot) {
        return sums[PADDING + slot];
    }

    /** Changes one weight, at least 0. */
    void set(int slot, float weight) {
        sums[PADDING + slot] = weight;
        int node = slot;
        for (int level = 1; level < levels.length; level++) {
            int group = node >> SHIFT;
            sums[levels[level] + group] = sumOfGroup(levels[level - 1] + (group << SHIFT));
            node = group;
        }
    }

    /** Sets a weight without its sums; {@link #addUp} must follow before anything else is asked. */
    void setLeaf(int slot, float weight) {
        sums[PADDING + slot] = weight;
    }

    /** Makes all sums anew. */
    void addUp() {
        for (int level = 1; level < levels.length; level++) {
            int end = level + 1 < levels.length ? levels[level + 1] : sums.length;
            for (int node = levels[level], child = levels[level - 1];
                    node < end && child < levels[level];
                    node++, child += FAN) {
                sums[node] = sumOfGroup(child);
            }
        }
    }

    /**
     * The slots in which shares fall when all weights are laid end to end; never one of weight 0. All descend side by side,
     * level by level and without a branch on what is read, so that the processor fetches for many of them at once.
     *
     * @param shares each at least 0 and below the total (the last slot above 0 where it is not); overwritten
     * @param slots filled with as many slots
     * @throws IllegalStateException if all weights are 0
     */
    void find(double[] shares, long[] slots, int count) {
        Arrays.fill(slots, 0, count, 0);
        for (int level = levels.length - 1; level >= 0; level--) {
            for (int i = 0; i < count; i++) {
                int first = levels[level] + ((int) slots[i] << SHIFT);
                double share = shares[i];
                int quad = first + 4 * chosen(share, sumOfFour(first), sumOfFour(first + 4), sumOfFour(first + 8));
                share -= below;
                int chosen = quad - first + chosen(share, sums[quad], sums[quad + 1], sums[quad + 2]);
                share -= below;
                if (sums[first + chosen] == 0) {
                    // Rounding left a little more than there is: then it is the last one, all the way down.
                    chosen = lastAboveZero(first);
                    share = Double.MAX_VALUE;
                }
                shares[i] = share;
                slots[i] = (slots[i] << SHIFT) + chosen;
            }
        }
    }

    /** In which of four parts a share falls that are laid end to end; the fourth takes whatever is left. */
    private int chosen(double share, double first, double second, double third) {
        double two = first + second;
        double three = two + third;
        belows[1] = first;
        belows[2] = two;
        belows[3] = three;
        // Numbers of at least 0 are in the order of their bits: one more for each sum that is not above the share.
        long bits = Double.doubleToRawLongBits(share);
        int above = (int) ((bits - Double.doubleToRawLongBits(first)) >>> 63)
                + (int) ((bits - Double.doubleToRawLongBits(two)) >>> 63)
                + (int) ((bits - Double.doubleToRawLongBits(three)) >>> 63);
        below = belows[3 - above];
        return 3 - above;
    }

    private double sumOfFour(int first) {
        return ((double) sums[first] + sums[first + 1]) + ((double) sums[first + 2] + sums[first + 3]);
    }

    private int lastAboveZero(int first) {
        for (int i = FAN - 1; i >= 0; i--) {
            if (sums[first + i] > 0) {
                return i;
            }
        }
        throw new IllegalStateException("There is nothing to draw: all weights are 0.");
    }

    private float sumOfGroup(int first) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int i = first; i < first + FAN; i += 4) {
            a += sums[i];
            b += sums[i + 1];
            c += sums[i + 2];
            d += sums[i + 3];
        }
        return (a + b) + (c + d);
    }
}
