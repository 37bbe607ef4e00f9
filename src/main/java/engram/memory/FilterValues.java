package engram.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Checks the values that a filter compares a field with and gives each the one form that a {@link Filter} has it in:
 * kinds in lower case, tiers in upper case, times as UTC with milliseconds, whole numbers as longs, others as doubles.
 */
final class FilterValues {
    private final Filter.Field field;
    private final FilterLimits limits;

    FilterValues(Filter.Field field, FilterLimits limits) {
        this.field = field;
        this.limits = limits;
    }

    /**
     * A bound of a range.
     *
     * @param value a number, or the milliseconds of a time
     * @param cut whether the time lies later than its milliseconds say
     */
    record Bound(double value, boolean cut) {}

    Bound bound(JsonNode json, String path) {
        return switch (field) {
            case Filter.Field.Agent _, Filter.Field.Kind _, Filter.Field.Tier _ ->
                throw new InvalidInput(path, FilterFields.print(field) + " has no order; use eq or in");
            case Filter.Field.Time _ -> {
                Instant time = time(json, path);
                boolean cut = !time.equals(time.truncatedTo(ChronoUnit.MILLIS));
                yield new Bound(time.toEpochMilli(), cut);
            }
            default -> {
                if (!json.isNumber() || !Double.isFinite(json.doubleValue())) {
                    throw new InvalidInput(path, "is a finite number");
                }
                // Adding zero makes −0 the one zero there is.
                yield new Bound(json.doubleValue() + 0.0, false);
            }
        };
    }

    List<JsonNode> list(JsonNode json, String path) {
        if (!json.isArray()) {
            throw new InvalidInput(path, "is an array of values");
        }
        if (json.size() > limits.values()) {
            throw new InvalidInput(path, "lists at most " + limits.values() + " values, not " + json.size());
        }
        List<JsonNode> values = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            values.add(value(json.get(i), path + "[" + i + "]"));
        }
        return values;
    }

    JsonNode value(JsonNode json, String path) {
        return switch (field) {
            case Filter.Field.Agent _ -> TextNode.valueOf(text(json, path));
            case Filter.Field.Kind _ ->
                TextNode.valueOf(kind(text(json, path), path).jsonName());
            case Filter.Field.Tier _ ->
                TextNode.valueOf(tier(text(json, path), path).name());
            case Filter.Field.Time _ ->
                TextNode.valueOf(time(json, path).truncatedTo(ChronoUnit.MILLIS).toString());
            case Filter.Field.Step _ -> {
                if (!json.isIntegralNumber() || !json.canConvertToLong()) {
                    throw new InvalidInput(path, "is a whole number");
                }
                yield LongNode.valueOf(json.longValue());
            }
            case Filter.Field.Tag _, Filter.Field.PayloadPath _ -> scalar(json, path);
        };
    }

    static Kind kind(String name, String path) {
        return Stream.of(Kind.values())
                .filter(kind -> kind.jsonName().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> known =
                            Stream.of(Kind.values()).map(Kind::jsonName).toList();
                    return new InvalidInput(path, "'" + name + "' is no kind" + Suggestion.forName(name, known));
                });
    }

    static Tier tier(String name, String path) {
        return Stream.of(Tier.values())
                .filter(tier -> tier.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> known =
                            Arrays.stream(Tier.values()).map(Tier::name).toList();
                    return new InvalidInput(path, "'" + name + "' is no tier" + Suggestion.forName(name, known));
                });
    }

    static Instant time(String text, String path) {
        try {
            Instant time = Instant.parse(text);
            // Milliseconds of a time must fit a long, and years of five digits are no RFC 3339.
            if (time.isBefore(Instant.parse("0000-01-01T00:00:00Z"))
                    || time.isAfter(Instant.parse("9999-12-31T23:59:59.999Z"))) {
                throw new InvalidInput(path, "is a time between the years 0000 and 9999");
            }
            return time;
        } catch (DateTimeException e) {
            throw new InvalidInput(path, "is a time such as 2026-01-31T12:00:00Z, not '" + text + "'");
        }
    }

    private Instant time(JsonNode json, String path) {
        return time(text(json, path), path);
    }

    private String text(JsonNode json, String path) {
        if (!json.isTextual()) {
            throw new InvalidInput(path, "is a text in quotes");
        }
        if (json.textValue().length() > limits.textLength()) {
            throw new InvalidInput(path, "has at most " + limits.textLength() + " characters");
        }
        return json.textValue();
    }

    private JsonNode scalar(JsonNode json, String path) {
        if (json.isTextual()) {
            return TextNode.valueOf(text(json, path));
        }
        if (json.isBoolean()) {
            return json;
        }
        if (!json.isNumber()) {
            throw new InvalidInput(path, "is a text, a number, true or false; absence is asked for with exists");
        }
        if (json.isIntegralNumber() && json.canConvertToLong()) {
            return LongNode.valueOf(json.longValue());
        }
        if (!Double.isFinite(json.doubleValue())) {
            throw new InvalidInput(path, "is a finite number");
        }
        return DoubleNode.valueOf(json.doubleValue());
    }
}
