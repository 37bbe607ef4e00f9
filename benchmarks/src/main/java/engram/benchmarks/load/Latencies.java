package engram.benchmarks.load;

import java.util.Arrays;

/** Durations of requests in nanoseconds, sorted. */
@SuppressWarnings("ArrayRecordComponent")
record Latencies(long[] sorted) {
    static Latencies of(long[] nanoseconds) {
        long[] sorted = nanoseconds.clone();
        Arrays.sort(sorted);
        return new Latencies(sorted);
    }

    /** A quantile in milliseconds. */
    double milliseconds(double quantile) {
        int place = (int) Math.min(sorted.length - 1L, Math.round(quantile * (sorted.length - 1)));
        return sorted[place] / 1e6;
    }
}
