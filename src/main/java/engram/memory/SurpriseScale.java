package engram.memory;

import engram.error.InvalidInput;
import java.util.Arrays;

/**
 * How surprising a memory is: the percentile of its reconstruction error among the errors of the memories before it.
 * Keeps the most recent errors in order of size beside a ring in order of time, so that a rank is found by bisection.
 * Thread-safe; the same errors in the same order give the same percentiles.
 */
public final class SurpriseScale {
    /** How many errors are kept unless told otherwise. */
    public static final int DEFAULT_SIZE = 1_000;

    private final double[] ring;
    private final double[] sorted;
    private int count;
    private int next;

    /** A scale of the default size without errors yet. */
    public SurpriseScale() {
        this(DEFAULT_SIZE);
    }

    /**
     * A scale without errors yet.
     *
     * @param size how many recent errors count, at least 1
     */
    public SurpriseScale(int size) {
        if (size < 1) {
            throw new InvalidInput("surpriseWindow", "is at least 1, not " + size);
        }
        ring = new double[size];
        sorted = new double[size];
    }

    /**
     * The percentile of an error among those before it; the error then counts for later ones.
     *
     * @param error a reconstruction error, finite and at least 0
     * @return in [0,1]: 0 where every earlier error was larger, 1 where every one was smaller, half for each equal one;
     *     0.5 for the very first
     */
    public synchronized double place(double error) {
        if (!(error >= 0 && Double.isFinite(error))) {
            throw new IllegalArgumentException("a reconstruction error is finite and at least 0, not " + error);
        }
        double percentile = count == 0 ? 0.5 : (below(error) + notAbove(error)) / 2.0 / count;
        if (count == ring.length) {
            remove(ring[next]);
        }
        insert(error);
        ring[next] = error;
        next = (next + 1) % ring.length;
        return percentile;
    }

    /** Forgets every error, as when another encoder makes them. */
    public synchronized void clear() {
        count = 0;
        next = 0;
    }

    /** How many of the kept errors are smaller. */
    private int below(double error) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < error) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** How many of the kept errors are smaller or equal. */
    private int notAbove(double error) {
        return below(Math.nextUp(error));
    }

    private void insert(double error) {
        int at = below(error);
        System.arraycopy(sorted, at, sorted, at + 1, count - at);
        sorted[at] = error;
        count++;
    }

    private void remove(double error) {
        int at = Arrays.binarySearch(sorted, 0, count, error);
        System.arraycopy(sorted, at + 1, sorted, at, count - at - 1);
        count--;
    }
}
