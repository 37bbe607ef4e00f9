package engram.memory.consolidation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import engram.memory.Tier;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long and how many memories of one agent stay in each tier, and whether near-duplicates are merged.
 *
 * @param stm limits of short-term memory; what exceeds them moves to intermediate memory
 * @param im limits of intermediate memory; what exceeds them moves to long-term memory
 * @param ltm limits of long-term memory; what exceeds them is forgotten
 * @param merge the merging of near-duplicates in intermediate and long-term memory
 */
public record TierPolicy(Limits stm, Limits im, Limits ltm, Merge merge) {
    private static final TierPolicy DEFAULTS = new TierPolicy(
            new Limits(1_000L, Duration.ofHours(24)),
            new Limits(10_000L, Duration.ofDays(7)),
            new Limits(null, null),
            new Merge(true, 0.005));
    private static final List<String> MEMBERS = List.of("stm", "im", "ltm", "merge");

    public TierPolicy {
        Objects.requireNonNull(stm, "stm");
        Objects.requireNonNull(im, "im");
        Objects.requireNonNull(ltm, "ltm");
        Objects.requireNonNull(merge, "merge");
    }

    /**
     * The limits of one tier.
     *
     * @param capacity how many memories an agent may have there, at least 0; null for any number
     * @param timeToLive how old a memory may become there, counted from when it happened, more than nothing; null for
     *     any age
     */
    public record Limits(@Nullable Long capacity, @Nullable Duration timeToLive) {
        private static final List<String> MEMBERS = List.of("capacity", "timeToLive");

        public Limits {
            if (capacity != null && capacity < 0) {
                throw new InvalidInput("capacity", "is at least 0, or null for no limit, not " + capacity);
            }
            if (timeToLive != null && (timeToLive.isNegative() || timeToLive.toMillis() == 0)) {
                throw new InvalidInput("timeToLive", "is a duration of at least a millisecond, or null for no limit");
            }
        }

        private Limits merge(JsonNode json) {
            Errors errors = new Errors();
            errors.unknownMembers(json, MEMBERS, "a limit of a tier");
            Long newCapacity =
                    json.has("capacity") ? errors.read(() -> wholeNumber(json.get("capacity")), capacity) : capacity;
            Duration newTime = json.has("timeToLive")
                    ? errors.read(() -> duration(json.get("timeToLive")), timeToLive)
                    : timeToLive;
            errors.check();
            return new Limits(newCapacity, newTime);
        }

        private static @Nullable Long wholeNumber(JsonNode json) {
            if (json.isNull()) {
                return null;
            }
            if (!json.isIntegralNumber() || !json.canConvertToLong() || json.longValue() < 0) {
                throw new InvalidInput("capacity", "is a whole number of at least 0, or null for no limit");
            }
            return json.longValue();
        }

        private static @Nullable Duration duration(JsonNode json) {
            if (json.isNull()) {
                return null;
            }
            String expected = "is a duration such as PT24H or P7D, or null for no limit";
            if (!json.isTextual()) {
                throw new InvalidInput("timeToLive", expected);
            }
            try {
                return new Limits(null, Duration.parse(json.textValue())).timeToLive();
            } catch (DateTimeException | ArithmeticException e) {
                throw new InvalidInput("timeToLive", expected);
            }
        }

        private ObjectNode toJson() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("capacity", capacity);
            json.put("timeToLive", timeToLive == null ? null : timeToLive.toString());
            return json;
        }
    }

    /**
     * How near-duplicates are merged.
     *
     * @param enabled whether they are merged at all
     * @param diameter how unlike any two memories of one group may be: 1 − their score, in [0,1); 0 merges identical
     *     vectors only
     */
    public record Merge(boolean enabled, double diameter) {
        private static final List<String> MEMBERS = List.of("enabled", "diameter");

        public Merge {
            if (!(diameter >= 0 && diameter < 1)) {
                throw new InvalidInput("diameter", "is at least 0 and below 1, not " + diameter);
            }
        }

        private Merge merge(JsonNode json) {
            Errors errors = new Errors();
            errors.unknownMembers(json, MEMBERS, "a setting of merging");
            JsonNode newEnabled = json.path("enabled");
            if (!newEnabled.isMissingNode() && !newEnabled.isBoolean()) {
                errors.add(new FieldError("enabled", "is true or false"));
            }
            JsonNode newDiameter = json.path("diameter");
            if (!newDiameter.isMissingNode()
                    && !(newDiameter.isNumber() && newDiameter.doubleValue() >= 0 && newDiameter.doubleValue() < 1)) {
                errors.add(new FieldError("diameter", "is a number of at least 0 and below 1"));
            }
            errors.check();
            return new Merge(newEnabled.asBoolean(enabled), newDiameter.asDouble(diameter));
        }

        private ObjectNode toJson() {
            return JsonNodeFactory.instance.objectNode().put("enabled", enabled).put("diameter", diameter);
        }
    }

    /**
     * An agent keeps 1,000 memories for 24 hours in STM, 10,000 for 7 days in IM, any number for ever in LTM; memories
     * that score at least 0.995 with one another are merged.
     */
    public static TierPolicy defaults() {
        return DEFAULTS;
    }

    /** The limits of a tier. */
    public Limits of(Tier tier) {
        return switch (tier) {
            case STM -> stm;
            case IM -> im;
            case LTM -> ltm;
        };
    }

    /** Reads a policy; what it leaves out is as in {@link #defaults()}. */
    public static TierPolicy parse(JsonNode json) {
        return DEFAULTS.merge(json);
    }

    /**
     * Reads a policy; what it leaves out is as in this one. A limit given as null is no limit.
     *
     * @throws InvalidInput naming every unknown or unsuitable field
     */
    public TierPolicy merge(JsonNode json) {
        Errors errors = new Errors();
        errors.unknownMembers(json, MEMBERS, "a part of a tier policy");
        TierPolicy merged = new TierPolicy(
                errors.readMember(json, "stm", stm, member -> stm.merge(member)),
                errors.readMember(json, "im", im, member -> im.merge(member)),
                errors.readMember(json, "ltm", ltm, member -> ltm.merge(member)),
                errors.readMember(json, "merge", merge, member -> merge.merge(member)));
        errors.check();
        return merged;
    }

    /** The policy as {@link #parse} reads it, with every field. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("stm", stm.toJson());
        json.set("im", im.toJson());
        json.set("ltm", ltm.toJson());
        json.set("merge", merge.toJson());
        return json;
    }

    /** Everything that is wrong with a policy. */
    private static final class Errors {
        private final List<FieldError> found = new ArrayList<>();

        void add(FieldError error) {
            found.add(error);
        }

        void unknownMembers(JsonNode json, List<String> known, String what) {
            if (!json.isObject()) {
                throw new InvalidInput("", "is a JSON object");
            }
            for (String name : (Iterable<String>) json::fieldNames) {
                if (!known.contains(name)) {
                    add(new FieldError(name, "is not " + what + Suggestion.forName(name, known)));
                }
            }
        }

        <T> @Nullable T read(Supplier<@Nullable T> reader, @Nullable T otherwise) {
            try {
                return reader.get();
            } catch (InvalidInput e) {
                found.addAll(e.errors());
                return otherwise;
            }
        }

        <T> T readMember(JsonNode json, String name, T otherwise, Function<JsonNode, T> reader) {
            JsonNode member = json.get(name);
            if (member == null) {
                return otherwise;
            }
            try {
                return reader.apply(member);
            } catch (InvalidInput e) {
                found.addAll(e.under(name).errors());
                return otherwise;
            }
        }

        void check() {
            if (!found.isEmpty()) {
                throw new InvalidInput(found);
            }
        }
    }
}
