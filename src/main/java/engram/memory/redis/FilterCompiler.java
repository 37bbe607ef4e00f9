package engram.memory.redis;

import com.fasterxml.jackson.databind.JsonNode;
import engram.memory.Filter;
import engram.memory.Kind;
import engram.memory.Tier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Makes queries of filters. Nothing of a filter comes into a query as it is: texts become {@link Tokens}, numbers are
 * printed from doubles, and the names of fields are numbers.
 */
final class FilterCompiler {
    private final Tier tier;
    private final ToIntFunction<String> numberFields;

    /**
     * @param tier of the index that is asked
     * @param numberFields gives the field of a place's numbers, 0 if it has none
     */
    FilterCompiler(Tier tier, ToIntFunction<String> numberFields) {
        this.tier = tier;
        this.numberFields = numberFields;
    }

    Condition compile(Filter filter) {
        return switch (filter) {
            case Filter.And and ->
                Condition.and(and.parts().stream().map(this::compile).toList());
            case Filter.Or or ->
                Condition.or(or.parts().stream().map(this::compile).toList());
            case Filter.Not not -> compile(not.part()).negated();
            case Filter.In in -> leaf(in.field(), in);
            case Filter.Range range -> leaf(range.field(), range);
            case Filter.Contains contains -> leaf(contains.field(), contains);
            case Filter.Exists exists -> leaf(exists.field(), exists);
        };
    }

    private Condition leaf(Filter.Field field, Filter leaf) {
        return switch (field) {
            case Filter.Field.Agent() -> agent(leaf);
            case Filter.Field.Kind() -> kinds(leaf);
            case Filter.Field.Tier() -> Condition.always(saysOf(tier.name(), leaf));
            case Filter.Field.Step() -> whole(IndexSchema.STEP, leaf);
            case Filter.Field.Time() ->
                leaf instanceof Filter.Exists ? Condition.always(true) : whole(IndexSchema.TIME, leaf);
            case Filter.Field.Tag(String name) -> member(Places.of(Places.TAGS, List.of(name)), 1, leaf);
            case Filter.Field.PayloadPath(List<String> path) ->
                member(Places.of(Places.PAYLOAD, path), path.size(), leaf);
        };
    }

    private static Condition agent(Filter leaf) {
        return switch (leaf) {
            case Filter.In in -> Condition.exactly(words(texts(in).map(Tokens::agent)));
            case Filter.Contains _ -> new Condition(Condition.ALL, Condition.NONE);
            case Filter.Exists _ -> Condition.always(true);
            default -> Condition.always(false);
        };
    }

    private static Condition kinds(Filter leaf) {
        return Condition.exactly(words(Stream.of(Kind.values())
                .map(Kind::jsonName)
                .filter(name -> saysOf(name, leaf))
                .map(Tokens::kind)));
    }

    /** Whether a leaf holds of a text that is always there. */
    private static boolean saysOf(String value, Filter leaf) {
        return switch (leaf) {
            case Filter.In in -> texts(in).anyMatch(value::equals);
            case Filter.Contains contains ->
                contains.ignoreCase()
                        ? value.toLowerCase(Locale.ROOT)
                                .contains(contains.text().toLowerCase(Locale.ROOT))
                        : value.contains(contains.text());
            case Filter.Exists _ -> true;
            default -> false;
        };
    }

    /** A leaf on whole numbers that are not told from their neighbours beyond what a double holds. */
    private static Condition whole(String field, Filter leaf) {
        return switch (leaf) {
            case Filter.In in -> {
                List<Condition> parts = new ArrayList<>();
                for (JsonNode value : in.values()) {
                    boolean time = field.equals(IndexSchema.TIME) && value.isTextual();
                    if (time || value.isNumber()) {
                        double number = time ? Instant.parse(value.textValue()).toEpochMilli() : value.doubleValue();
                        String equal = between(field, number, true, number, true);
                        boolean exact = Math.abs(number) < SearchableContent.EXACT;
                        parts.add(new Condition(equal, exact ? equal : Condition.NONE));
                    }
                }
                yield Condition.or(parts);
            }
            case Filter.Range range -> Condition.exactly(between(field, range));
            case Filter.Exists _ ->
                Condition.exactly(between(field, Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true));
            default -> Condition.always(false);
        };
    }

    private Condition member(String place, int depth, Filter leaf) {
        if (!Places.isIndexed(depth, place)) {
            return new Condition(words(Stream.of(Tokens.OVERFLOW)), Condition.NONE);
        }
        String sure =
                switch (leaf) {
                    case Filter.In in -> in(place, in);
                    case Filter.Range range -> {
                        int field = numberFields.applyAsInt(place);
                        yield field == 0 ? Condition.NONE : between(IndexSchema.number(field), range);
                    }
                    case Filter.Exists _ -> words(Stream.of(Tokens.present(place)));
                    default -> Condition.NONE;
                };
        String possible =
                switch (leaf) {
                    case Filter.Contains _ -> words(Stream.of(Tokens.present(place), Tokens.OVERFLOW));
                    case Filter.Exists _ -> words(Stream.of(Tokens.OVERFLOW));
                    default -> words(Stream.of(Tokens.unindexed(place), Tokens.OVERFLOW));
                };
        Condition known = Condition.exactly(sure);
        return new Condition(
                Condition.or(List.of(known, Condition.exactly(possible))).upper(), sure);
    }

    private String in(String place, Filter.In in) {
        List<Condition> parts = new ArrayList<>();
        Stream.Builder<String> words = Stream.builder();
        int field = numberFields.applyAsInt(place);
        for (JsonNode value : in.values()) {
            if (value.isTextual()) {
                words.add(Tokens.text(place, value.textValue()));
            } else if (value.isBoolean()) {
                words.add(Tokens.flag(place, value.booleanValue()));
            } else if (value.isNumber() && field != 0) {
                double number = value.doubleValue();
                parts.add(Condition.exactly(between(IndexSchema.number(field), number, true, number, true)));
            }
        }
        parts.add(Condition.exactly(words(words.build())));
        return Condition.or(parts).upper();
    }

    private static Stream<String> texts(Filter.In in) {
        return in.values().stream().filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    private static String words(Stream<String> words) {
        List<String> all = words.distinct().toList();
        return all.isEmpty() ? Condition.NONE : "@" + IndexSchema.TOKENS + ":{" + String.join("|", all) + "}";
    }

    private static String between(String field, Filter.Range range) {
        return between(field, range.from(), range.fromInclusive(), range.to(), range.toInclusive());
    }

    static String between(String field, double from, boolean fromInclusive, double to, boolean toInclusive) {
        boolean empty = from > to
                || (from == to && !(fromInclusive && toInclusive))
                || from == Double.POSITIVE_INFINITY
                || to == Double.NEGATIVE_INFINITY;
        if (empty) {
            return Condition.NONE;
        }
        return "@" + field + ":[" + bound(from, fromInclusive) + " " + bound(to, toInclusive) + "]";
    }

    private static String bound(double number, boolean inclusive) {
        if (Double.isInfinite(number)) {
            return number < 0 ? "-inf" : "+inf";
        }
        return (inclusive ? "" : "(") + Double.toString(number + 0.0);
    }
}
