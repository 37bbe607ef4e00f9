package engram.memory;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;

/**
 * A condition on a memory: a boolean expression over its fields. {@link FilterEvaluation} gives the meaning; a store may
 * compile it to something faster that selects the same memories.
 */
public sealed interface Filter {
    /** Selects every memory. */
    Filter ALL = new And(List.of());

    /** All of the parts hold; true without parts. */
    record And(List<Filter> parts) implements Filter {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** At least one of the parts holds; false without parts. */
    record Or(List<Filter> parts) implements Filter {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    /** The part does not hold. */
    record Not(Filter part) implements Filter {
        public Not {
            Objects.requireNonNull(part, "part");
        }
    }

    /**
     * The field has one of these values. A field that holds an array of scalars has each of its elements as a value.
     *
     * @param values strings, numbers or booleans; numbers are compared as doubles (steps as longs); for
     *     {@link Field.Time} texts of RFC 3339
     */
    record In(Field field, List<JsonNode> values) implements Filter {
        public In {
            Objects.requireNonNull(field, "field");
            values = List.copyOf(values);
        }
    }

    /**
     * The field has a number (or, for {@link Field.Time}, a time as epoch milliseconds) in a range.
     *
     * @param from the lower bound; {@link Double#NEGATIVE_INFINITY} for none
     * @param fromInclusive whether the lower bound itself is in
     * @param to the upper bound; {@link Double#POSITIVE_INFINITY} for none
     * @param toInclusive whether the upper bound itself is in
     */
    record Range(Field field, double from, boolean fromInclusive, double to, boolean toInclusive) implements Filter {
        public Range {
            Objects.requireNonNull(field, "field");
            if (Double.isNaN(from) || Double.isNaN(to)) {
                throw new IllegalArgumentException("a bound is a number");
            }
        }
    }

    /** The field has a string that contains this text. */
    record Contains(Field field, String text, boolean ignoreCase) implements Filter {
        public Contains {
            Objects.requireNonNull(field, "field");
            Objects.requireNonNull(text, "text");
        }
    }

    /** The field is there; JSON null counts as absent. */
    record Exists(Field field) implements Filter {
        public Exists {
            Objects.requireNonNull(field, "field");
        }
    }

    /** What a condition is about. */
    sealed interface Field {
        /** The agent. */
        record Agent() implements Field {}

        /** The kind, by its JSON name. */
        record Kind() implements Field {}

        /** The tier, by its name. */
        record Tier() implements Field {}

        /** The step. */
        record Step() implements Field {}

        /** The time. */
        record Time() implements Field {}

        /** A tag. */
        record Tag(String name) implements Field {
            public Tag {
                Objects.requireNonNull(name, "name");
            }
        }

        /**
         * A member of the payload.
         *
         * @param path the names from the payload's root inwards, at least one, such as {@code state, position, x}
         */
        record PayloadPath(List<String> path) implements Field {
            public PayloadPath {
                path = List.copyOf(path);
                if (path.isEmpty()) {
                    throw new IllegalArgumentException("a payload path names at least one member");
                }
            }
        }
    }
}
