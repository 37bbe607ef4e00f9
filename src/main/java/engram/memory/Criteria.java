package engram.memory;

import com.fasterxml.jackson.databind.node.TextNode;
import engram.error.InvalidInput;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plain form of a filter that lists offer as parameters: all that are given must hold. A null component asks for
 * nothing.
 *
 * @param agent whose memories
 * @param kind the kind, without regard to case
 * @param tier the tier, without regard to case
 * @param from the earliest time, inclusive, by RFC 3339
 * @param to the latest time, inclusive, by RFC 3339
 * @param fromStep the first step, inclusive
 * @param toStep the last step, inclusive
 */
public record Criteria(
        @Nullable String agent,
        @Nullable String kind,
        @Nullable String tier,
        @Nullable String from,
        @Nullable String to,
        @Nullable Long fromStep,
        @Nullable Long toStep) {
    /**
     * The filter that these criteria stand for; {@link Filter#ALL} without any.
     *
     * @throws InvalidInput if one is malformed or a range is empty because its ends are swapped; names the component
     */
    public Filter toFilter() {
        List<Filter> parts = new ArrayList<>();
        if (agent != null) {
            parts.add(is(new Filter.Field.Agent(), agent));
        }
        if (kind != null) {
            parts.add(
                    is(new Filter.Field.Kind(), FilterValues.kind(kind, "kind").jsonName()));
        }
        if (tier != null) {
            parts.add(
                    is(new Filter.Field.Tier(), FilterValues.tier(tier, "tier").name()));
        }
        if (from != null || to != null) {
            parts.add(times(
                    from == null ? null : FilterValues.time(from, "from"),
                    to == null ? null : FilterValues.time(to, "to")));
        }
        if (fromStep != null || toStep != null) {
            parts.add(steps(fromStep, toStep));
        }
        return switch (parts.size()) {
            case 0 -> Filter.ALL;
            case 1 -> parts.getFirst();
            default -> new Filter.And(parts);
        };
    }

    private static Filter is(Filter.Field field, String value) {
        return new Filter.In(field, List.of(TextNode.valueOf(value)));
    }

    private static Filter times(@Nullable Instant earliest, @Nullable Instant latest) {
        if (earliest != null && latest != null && earliest.isAfter(latest)) {
            throw new InvalidInput("to", "is not before from");
        }
        boolean cut = earliest != null && !earliest.equals(earliest.truncatedTo(ChronoUnit.MILLIS));
        return new Filter.Range(
                new Filter.Field.Time(),
                earliest == null ? Double.NEGATIVE_INFINITY : earliest.toEpochMilli(),
                !cut,
                latest == null ? Double.POSITIVE_INFINITY : latest.toEpochMilli(),
                true);
    }

    private static Filter steps(@Nullable Long first, @Nullable Long last) {
        if (first != null && last != null && first > last) {
            throw new InvalidInput("toStep", "is at least fromStep, not " + last);
        }
        return new Filter.Range(
                new Filter.Field.Step(),
                first == null ? Double.NEGATIVE_INFINITY : first,
                true,
                last == null ? Double.POSITIVE_INFINITY : last,
                true);
    }
}
