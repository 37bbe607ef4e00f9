package engram.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads filters from JSON. A filter is one of
 *
 * <pre>
 * {"and": [filter, …]}   {"or": [filter, …]}   {"not": filter}
 * {"field": name, "eq": value}             {"field": name, "in": [value, …]}
 * {"field": name, "gte": from, "lt": to}   one or two of gt, gte, lt, lte
 * {"field": name, "contains": text, "ignoreCase": true}
 * {"field": name, "exists": true}
 * </pre>
 *
 * where a name is {@code agent}, {@code kind}, {@code tier}, {@code step}, {@code time}, {@code tags.x} or
 * {@code payload.a.b}. Values become values of the filter, never parts of its structure. Thread-safe.
 */
public final class FilterParser {
    private static final List<String> STRUCTURE = List.of("and", "or", "not", "field");
    private static final List<String> OPERATORS = List.of("eq", "in", "gt", "gte", "lt", "lte", "contains", "exists");
    private static final Set<String> BOUNDS = Set.of("gt", "gte", "lt", "lte");

    private final FilterLimits limits;

    /** A parser that refuses what is larger than the limits. */
    public FilterParser(FilterLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads a filter.
     *
     * @param json the filter
     * @param path where it stands in the client's input, such as {@code filter}; errors begin with it
     * @throws InvalidInput if it is none, or too large; names the exact path and, where a name is unknown, the nearest
     *     known one
     */
    public Filter parse(JsonNode json, String path) {
        return new Reading().filter(json, path, 1);
    }

    /** One filter being read: counts its conditions. */
    private final class Reading {
        private int conditions;

        Filter filter(JsonNode json, String path, int depth) {
            if (!(json instanceof ObjectNode object)) {
                throw new InvalidInput(path, "is a JSON object such as {\"field\": \"agent\", \"eq\": \"a1\"}");
            }
            if (depth > limits.depth()) {
                throw new InvalidInput(path, "nests deeper than " + limits.depth() + " conditions");
            }
            conditions++;
            if (conditions > limits.conditions()) {
                throw new InvalidInput(path, "is one condition more than the " + limits.conditions() + " allowed");
            }
            if (object.has("field")) {
                return condition(object, path);
            }
            if (object.size() != 1) {
                throw notOneMember(object, path);
            }
            String name = object.fieldNames().next();
            JsonNode operand = object.get(name);
            String where = path + "." + name;
            return switch (name) {
                case "and" -> new Filter.And(parts(operand, where, depth));
                case "or" -> new Filter.Or(parts(operand, where, depth));
                case "not" -> new Filter.Not(filter(operand, where, depth + 1));
                default -> throw unknown(name, where);
            };
        }

        private List<Filter> parts(JsonNode json, String path, int depth) {
            if (!json.isArray()) {
                throw new InvalidInput(path, "is an array of filters");
            }
            List<Filter> parts = new ArrayList<>();
            for (int i = 0; i < json.size(); i++) {
                parts.add(filter(json.get(i), path + "[" + i + "]", depth + 1));
            }
            return parts;
        }
    }

    private static InvalidInput notOneMember(ObjectNode object, String path) {
        for (String name : (Iterable<String>) object::fieldNames) {
            if (!STRUCTURE.contains(name)) {
                return unknown(name, path + "." + name);
            }
        }
        return new InvalidInput(path, "has exactly one of and, or, not, or a field with an operator");
    }

    private static InvalidInput unknown(String name, String where) {
        return OPERATORS.contains(name)
                ? new InvalidInput(where, "needs a \"field\" beside it")
                : new InvalidInput(where, "is no part of a filter" + Suggestion.forName(name, STRUCTURE));
    }

    private Filter condition(ObjectNode object, String path) {
        JsonNode name = object.get("field");
        String fieldPath = path + ".field";
        if (!name.isTextual()) {
            throw new InvalidInput(fieldPath, "is the name of a field in quotes");
        }
        requireShort(name.textValue(), fieldPath);
        Filter.Field field = FilterFields.parse(name.textValue(), fieldPath);
        Set<String> operators = operators(object, path);
        FilterValues values = new FilterValues(field, limits);
        if (BOUNDS.containsAll(operators)) {
            return range(object, field, values, path);
        }
        String operator = operators.iterator().next();
        String where = path + "." + operator;
        JsonNode operand = object.get(operator);
        return switch (operator) {
            case "eq" -> new Filter.In(field, List.of(values.value(operand, where)));
            case "in" -> new Filter.In(field, values.list(operand, where));
            case "contains" -> contains(object, field, operand, path);
            case "exists" -> exists(field, operand, where);
            default -> throw new IllegalStateException("an operator that was not read: " + operator);
        };
    }

    private static Set<String> operators(ObjectNode object, String path) {
        Set<String> operators = new TreeSet<>();
        for (String name : (Iterable<String>) object::fieldNames) {
            if (OPERATORS.contains(name)) {
                operators.add(name);
            } else if (!name.equals("field") && !name.equals("ignoreCase")) {
                throw new InvalidInput(path + "." + name, "is no operator" + Suggestion.forName(name, OPERATORS));
            }
        }
        if (object.has("ignoreCase") && !operators.contains("contains")) {
            throw new InvalidInput(path + ".ignoreCase", "goes with contains only");
        }
        if (operators.isEmpty()) {
            throw new InvalidInput(path, "needs an operator beside its field: one of " + String.join(", ", OPERATORS));
        }
        boolean twoBounds = operators.size() == 2
                && BOUNDS.containsAll(operators)
                && !operators.equals(Set.of("gt", "gte"))
                && !operators.equals(Set.of("lt", "lte"));
        if (operators.size() > 1 && !twoBounds) {
            throw new InvalidInput(
                    path,
                    "has " + String.join(" and ", operators)
                            + " where one operator belongs, or a lower and an upper bound");
        }
        return operators;
    }

    private static Filter range(ObjectNode object, Filter.Field field, FilterValues values, String path) {
        FilterValues.Bound lower = bound(object, "gt", "gte", values, path);
        FilterValues.Bound upper = bound(object, "lt", "lte", values, path);
        return new Filter.Range(
                field,
                lower == null ? Double.NEGATIVE_INFINITY : lower.value(),
                // A bound between two milliseconds is cut to the earlier one, which itself lies below it.
                lower == null || (object.has("gte") && !lower.cut()),
                upper == null ? Double.POSITIVE_INFINITY : upper.value(),
                upper == null || object.has("lte") || upper.cut());
    }

    private static FilterValues.@Nullable Bound bound(
            ObjectNode object, String exclusive, String inclusive, FilterValues values, String path) {
        String name = object.has(exclusive) ? exclusive : inclusive;
        return object.has(name) ? values.bound(object.get(name), path + "." + name) : null;
    }

    private Filter contains(ObjectNode object, Filter.Field field, JsonNode operand, String path) {
        String where = path + ".contains";
        boolean hasText = field instanceof Filter.Field.Agent
                || field instanceof Filter.Field.Tag
                || field instanceof Filter.Field.PayloadPath;
        if (!hasText) {
            throw new InvalidInput(where, FilterFields.print(field) + " is not searched for text; use eq or in");
        }
        if (!operand.isTextual() || operand.textValue().isEmpty()) {
            throw new InvalidInput(where, "is a text of at least one character");
        }
        requireShort(operand.textValue(), where);
        JsonNode ignoreCase = object.get("ignoreCase");
        if (ignoreCase != null && !ignoreCase.isBoolean()) {
            throw new InvalidInput(path + ".ignoreCase", "is true or false");
        }
        return new Filter.Contains(field, operand.textValue(), ignoreCase != null && ignoreCase.booleanValue());
    }

    private static Filter exists(Filter.Field field, JsonNode operand, String where) {
        if (!operand.isBoolean()) {
            throw new InvalidInput(where, "is true or false");
        }
        Filter exists = new Filter.Exists(field);
        return operand.booleanValue() ? exists : new Filter.Not(exists);
    }

    private void requireShort(String text, String where) {
        if (text.length() > limits.textLength()) {
            throw new InvalidInput(where, "has at most " + limits.textLength() + " characters");
        }
    }
}
