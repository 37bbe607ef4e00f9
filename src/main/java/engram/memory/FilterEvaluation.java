package engram.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of a {@link Filter}: what it says of one memory. A condition on a field that is absent does not hold,
 * whatever the comparison; its negation therefore does.
 */
public final class FilterEvaluation {
    private FilterEvaluation() {}

    /** Whether the memory satisfies the filter. */
    public static boolean matches(Filter filter, Memory memory) {
        return switch (filter) {
            case Filter.And and -> and.parts().stream().allMatch(part -> matches(part, memory));
            case Filter.Or or -> or.parts().stream().anyMatch(part -> matches(part, memory));
            case Filter.Not not -> !matches(not.part(), memory);
            case Filter.In in -> values(in.field(), memory).stream().anyMatch(value -> isOneOf(value, in));
            case Filter.Range range -> values(range.field(), memory).stream().anyMatch(value -> isInside(value, range));
            case Filter.Contains contains ->
                values(contains.field(), memory).stream().anyMatch(value -> containsText(value, contains));
            case Filter.Exists exists -> isThere(exists.field(), memory);
        };
    }

    /**
     * The scalar values that a payload path or tag has in a JSON object: the scalar itself, or each scalar element of an
     * array. Nulls, objects and nested arrays are no values.
     */
    public static List<JsonNode> scalars(@Nullable JsonNode node) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return List.of();
        }
        if (node.isArray()) {
            return node.valueStream()
                    .filter(element -> element.isValueNode() && !element.isNull())
                    .toList();
        }
        return node.isValueNode() ? List.of(node) : List.of();
    }

    private static List<JsonNode> values(Filter.Field field, Memory memory) {
        return switch (field) {
            case Filter.Field.Agent() -> List.of(TextNode.valueOf(memory.agent()));
            case Filter.Field.Kind() -> List.of(TextNode.valueOf(memory.kind().jsonName()));
            case Filter.Field.Tier() -> List.of(TextNode.valueOf(memory.tier().name()));
            case Filter.Field.Step() -> memory.step() == null ? List.of() : List.of(LongNode.valueOf(memory.step()));
            case Filter.Field.Time() -> List.of(LongNode.valueOf(memory.time().toEpochMilli()));
            case Filter.Field.Tag(String name) -> scalars(memory.tags().tree().get(name));
            case Filter.Field.PayloadPath(List<String> path) -> scalars(follow(path, memory));
        };
    }

    private static boolean isThere(Filter.Field field, Memory memory) {
        return switch (field) {
            case Filter.Field.PayloadPath(List<String> path) -> {
                JsonNode node = follow(path, memory);
                yield node != null && !node.isNull();
            }
            default -> !values(field, memory).isEmpty();
        };
    }

    private static @Nullable JsonNode follow(List<String> path, Memory memory) {
        JsonNode node = memory.payload().tree();
        for (String name : path) {
            node = node.get(name);
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    private static boolean isOneOf(JsonNode value, Filter.In in) {
        return in.values().stream().anyMatch(operand -> equal(value, operand, in.field()));
    }

    private static boolean equal(JsonNode value, JsonNode operand, Filter.Field field) {
        if (field instanceof Filter.Field.Time && operand.isTextual()) {
            return value.longValue() == epochMilli(operand.textValue());
        }
        if (value.isNumber() && operand.isNumber()) {
            boolean whole = isLong(value) && isLong(operand);
            return whole ? value.longValue() == operand.longValue() : value.doubleValue() == operand.doubleValue();
        }
        return value.equals(operand);
    }

    /** A larger integer would lose its upper bits as a long; it is compared as a double. */
    private static boolean isLong(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong();
    }

    private static long epochMilli(String time) {
        try {
            return Instant.parse(time).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("a filter holds a time that was not checked: " + time, e);
        }
    }

    private static boolean isInside(JsonNode value, Filter.Range range) {
        if (!value.isNumber()) {
            return false;
        }
        double number = value.doubleValue();
        boolean above = range.fromInclusive() ? number >= range.from() : number > range.from();
        boolean below = range.toInclusive() ? number <= range.to() : number < range.to();
        return above && below;
    }

    private static boolean containsText(JsonNode value, Filter.Contains contains) {
        if (!value.isTextual()) {
            return false;
        }
        String text = value.textValue();
        return contains.ignoreCase()
                ? text.toLowerCase(Locale.ROOT).contains(contains.text().toLowerCase(Locale.ROOT))
                : text.contains(contains.text());
    }
}
