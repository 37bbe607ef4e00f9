package engram.benchmarks.load;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** Durations of requests, to three digits. Thread-safe. */
final class Latencies {
    private static final int DIGITS = 3;
    private static final double MILLISECOND = 1e6;
    private static final int TICKS_PER_HALF = 4;

    private final Histogram histogram = new ConcurrentHistogram(DIGITS);

    void record(long nanoseconds) {
        histogram.recordValue(Math.max(0, nanoseconds));
    }

    /** Milliseconds at some quantiles. */
    ObjectNode summary() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("requests", histogram.getTotalCount())
                .put("mean", histogram.getMean() / MILLISECOND)
                .put("p50", milliseconds(50))
                .put("p90", milliseconds(90))
                .put("p99", milliseconds(99))
                .put("p999", milliseconds(99.9))
                .put("max", histogram.getMaxValue() / MILLISECOND);
    }

    /** The whole curve: pairs of a quantile in percent and milliseconds, denser towards the end. */
    ArrayNode curve() {
        ArrayNode curve = JsonNodeFactory.instance.arrayNode();
        for (HistogramIterationValue value : histogram.percentiles(TICKS_PER_HALF)) {
            curve.addArray().add(value.getPercentileLevelIteratedTo()).add(value.getValueIteratedTo() / MILLISECOND);
        }
        return curve;
    }

    private double milliseconds(double percentile) {
        return histogram.getValueAtPercentile(percentile) / MILLISECOND;
    }
}
