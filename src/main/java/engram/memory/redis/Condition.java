package engram.memory.redis;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What an index can say of a filter: every memory that satisfies the filter satisfies {@code upper}, and every memory that
 * satisfies {@code lower} satisfies the filter. Where they are the same, the index decides alone.
 *
 * @param upper an expression of the query language, {@link #ALL} or {@link #NONE}
 * @param lower likewise
 */
record Condition(String upper, String lower) {
    /** True of every memory. */
    static final String ALL = "*";

    /** True of none. */
    static final String NONE = "";

    static Condition exactly(String expression) {
        return new Condition(expression, expression);
    }

    static Condition always(boolean truth) {
        return exactly(truth ? ALL : NONE);
    }

    static Condition and(List<Condition> parts) {
        return new Condition(
                all(parts.stream().map(Condition::upper).toList()),
                all(parts.stream().map(Condition::lower).toList()));
    }

    static Condition or(List<Condition> parts) {
        return new Condition(
                any(parts.stream().map(Condition::upper).toList()),
                any(parts.stream().map(Condition::lower).toList()));
    }

    Condition negated() {
        return new Condition(negated(lower), negated(upper));
    }

    private static String negated(String expression) {
        return switch (expression) {
            case ALL -> NONE;
            case NONE -> ALL;
            default -> "(-" + expression + ")";
        };
    }

    private static String all(List<String> parts) {
        if (parts.contains(NONE)) {
            return NONE;
        }
        return joined(parts, part -> !part.equals(ALL), " ", ALL);
    }

    private static String any(List<String> parts) {
        if (parts.contains(ALL)) {
            return ALL;
        }
        return joined(parts, part -> !part.equals(NONE), "|", NONE);
    }

    private static String joined(List<String> parts, Predicate<String> telling, String with, String otherwise) {
        List<String> left = parts.stream().filter(telling).distinct().toList();
        return switch (left.size()) {
            case 0 -> otherwise;
            case 1 -> left.getFirst();
            default -> left.stream().collect(Collectors.joining(with, "(", ")"));
        };
    }
}
