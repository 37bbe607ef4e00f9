package engram.memory.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import engram.memory.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Typed access to the fields of a JSON object; every error is an {@link InvalidInput} that names the field. */
final class Fields {
    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private final ObjectNode object;
    private final String path;

    private Fields(ObjectNode object, String path) {
        this.object = object;
        this.path = path;
    }

    static Fields of(JsonNode json) {
        if (!(json instanceof ObjectNode object)) {
            throw new InvalidInput("", "is a JSON object");
        }
        return new Fields(object, "");
    }

    /** The fields of a member that is an object; empty if it is absent. */
    Fields member(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return new Fields(object.objectNode(), path + name + ".");
        }
        if (!(value instanceof ObjectNode member)) {
            throw invalid(name, "is a JSON object");
        }
        return new Fields(member, path + name + ".");
    }

    void requireKnown(Collection<String> known) {
        for (String name : (Iterable<String>) object::fieldNames) {
            if (!known.contains(name)) {
                throw invalid(name, "is no field here" + Suggestion.forName(name, known));
            }
        }
    }

    boolean has(String name) {
        return value(name) != null;
    }

    /** The value of a field; null where it is absent or JSON null. */
    @Nullable
    JsonNode value(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    String text(String name) {
        String text = optionalText(name);
        if (text == null || text.isBlank()) {
            throw invalid(name, "is a text that is not blank");
        }
        return text;
    }

    @Nullable
    String optionalText(String name) {
        JsonNode value = value(name);
        if (value != null && !value.isTextual()) {
            throw invalid(name, "is a text");
        }
        return value == null ? null : value.textValue();
    }

    @Nullable
    Long optionalWhole(String name) {
        JsonNode value = value(name);
        if (value != null && !(value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0)) {
            throw invalid(name, "is a whole number of at least 0");
        }
        return value == null ? null : (Long) value.longValue();
    }

    long whole(String name, long absent) {
        Long value = optionalWhole(name);
        return value == null ? absent : value;
    }

    @Nullable
    Double optionalNumber(String name) {
        JsonNode value = value(name);
        if (value != null && !(value.isNumber() && Double.isFinite(value.doubleValue()))) {
            throw invalid(name, "is a finite number");
        }
        return value == null ? null : (Double) value.doubleValue();
    }

    /** A number in [0,1]. */
    @Nullable
    Double optionalShare(String name) {
        Double share = optionalNumber(name);
        if (share != null && !(share >= 0 && share <= 1)) {
            throw invalid(name, "is a number between 0 and 1");
        }
        return share;
    }

    boolean flag(String name) {
        JsonNode value = value(name);
        if (value != null && !value.isBoolean()) {
            throw invalid(name, "is true or false");
        }
        return value != null && value.booleanValue();
    }

    Instant time(String name) {
        Instant time = optionalTime(name);
        if (time == null) {
            throw invalid(name, "is missing");
        }
        return time;
    }

    @Nullable
    Instant optionalTime(String name) {
        String text = optionalText(name);
        if (text == null) {
            return null;
        }
        try {
            return checked(Instant.parse(text), name);
        } catch (DateTimeException e) {
            throw invalid(name, "is a time such as 2026-01-31T12:00:00Z");
        }
    }

    /** A time given as seconds since 1970. */
    @Nullable
    Instant optionalSeconds(String name) {
        Double seconds = optionalNumber(name);
        if (seconds == null) {
            return null;
        }
        if (Math.abs(seconds) > LATEST.getEpochSecond()) {
            throw invalid(name, "is a time in seconds since 1970");
        }
        return checked(Instant.ofEpochMilli(Math.round(seconds * 1_000)), name);
    }

    private Instant checked(Instant time, String name) {
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw invalid(name, "is a time between the years 0000 and 9999");
        }
        return time;
    }

    JsonObject object(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return JsonObject.EMPTY;
        }
        if (!(value instanceof ObjectNode member)) {
            throw invalid(name, "is a JSON object");
        }
        return JsonObject.of(member);
    }

    /** An object whose members are scalars. */
    JsonObject scalars(String name) {
        JsonObject scalars = object(name);
        scalars.tree().properties().forEach(member -> {
            if (!member.getValue().isValueNode()) {
                throw invalid(name + "." + member.getKey(), "is a text, a number, true or false");
            }
        });
        return scalars;
    }

    List<String> texts(String name) {
        JsonNode value = value(name);
        List<String> texts = new ArrayList<>();
        if (value != null) {
            if (!value.isArray()) {
                throw invalid(name, "is an array of texts");
            }
            for (JsonNode element : value) {
                if (!element.isTextual()) {
                    throw invalid(name + "[" + texts.size() + "]", "is a text");
                }
                texts.add(element.textValue());
            }
        }
        return texts;
    }

    InvalidInput invalid(String name, String message) {
        return new InvalidInput(path + name, message);
    }
}
