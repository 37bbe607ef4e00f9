package engram.memory.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import engram.memory.Filter;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Which longs a condition on a step or a time selects. Filters compare longs as doubles, so the bounds are the outermost
 * longs whose nearest doubles satisfy the condition.
 */
final class LongRanges {
    private LongRanges() {}

    /** Both bounds are inside. */
    record Bounds(long from, long to) {}

    /** The longs in a range; empty if there are none. */
    static Optional<Bounds> of(Filter.Range range) {
        return between(
                number -> range.fromInclusive() ? number >= range.from() : number > range.from(),
                number -> range.toInclusive() ? number > range.to() : number >= range.to());
    }

    /** The longs that equal an operand of {@code leaf}; empty if there are none. */
    static Optional<Bounds> equal(JsonNode operand, Filter leaf) {
        if (operand.isTextual() && leaf instanceof Filter.In in && in.field() instanceof Filter.Field.Time) {
            long time = Instant.parse(operand.textValue()).toEpochMilli();
            return Optional.of(new Bounds(time, time));
        }
        if (operand.isIntegralNumber() && operand.canConvertToLong()) {
            return Optional.of(new Bounds(operand.longValue(), operand.longValue()));
        }
        if (!operand.isNumber()) {
            return Optional.empty();
        }
        double value = operand.doubleValue();
        return between(number -> (double) number >= value, number -> (double) number > value);
    }

    /** From the first long that has reached the range up to the last that has not left it. */
    private static Optional<Bounds> between(LongPredicate reached, LongPredicate left) {
        if (!reached.test(Long.MAX_VALUE) || left.test(Long.MIN_VALUE)) {
            return Optional.empty();
        }
        long from = first(reached);
        long to = left.test(Long.MAX_VALUE) ? first(left) - 1 : Long.MAX_VALUE;
        return from <= to ? Optional.of(new Bounds(from, to)) : Optional.empty();
    }

    /** The first long that satisfies a monotone condition, which the last one does. */
    private static long first(LongPredicate condition) {
        long low = Long.MIN_VALUE;
        long high = Long.MAX_VALUE;
        while (low < high) {
            long middle = (low & high) + ((low ^ high) >> 1);
            if (condition.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
