package engram.memory;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** Writes filters as the JSON that {@link FilterParser} reads. */
public final class FilterPrinter {
    private static final double LARGEST_EXACT = 1L << 53;

    private FilterPrinter() {}

    /** The filter as JSON; a new tree. */
    public static ObjectNode print(Filter filter) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (filter) {
            case Filter.And(List<Filter> parts) -> printParts(json.putArray("and"), parts);
            case Filter.Or(List<Filter> parts) -> printParts(json.putArray("or"), parts);
            case Filter.Not(Filter part) -> json.set("not", print(part));
            case Filter.In in -> {
                json.put("field", FilterFields.print(in.field()));
                if (in.values().size() == 1) {
                    json.set("eq", in.values().getFirst());
                } else {
                    json.putArray("in").addAll(in.values());
                }
            }
            case Filter.Range range -> {
                json.put("field", FilterFields.print(range.field()));
                if (range.from() != Double.NEGATIVE_INFINITY) {
                    printBound(json, range.fromInclusive() ? "gte" : "gt", range.from(), range.field());
                }
                if (range.to() != Double.POSITIVE_INFINITY) {
                    printBound(json, range.toInclusive() ? "lte" : "lt", range.to(), range.field());
                }
            }
            case Filter.Contains contains -> {
                json.put("field", FilterFields.print(contains.field()));
                json.put("contains", contains.text());
                if (contains.ignoreCase()) {
                    json.put("ignoreCase", true);
                }
            }
            case Filter.Exists(Filter.Field field) -> {
                json.put("field", FilterFields.print(field));
                json.put("exists", true);
            }
        }
        return json;
    }

    private static void printParts(ArrayNode array, List<Filter> parts) {
        parts.forEach(part -> array.add(print(part)));
    }

    private static void printBound(ObjectNode json, String operator, double bound, Filter.Field field) {
        if (field instanceof Filter.Field.Time) {
            json.put(operator, Instant.ofEpochMilli((long) bound).toString());
        } else if (bound == Math.rint(bound) && Math.abs(bound) <= LARGEST_EXACT) {
            json.put(operator, (long) bound);
        } else {
            json.put(operator, bound);
        }
    }
}
