package engram.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One object of settings being read: every field falls back to a default, and all that is wrong is told at once. */
final class Fields {
    private final JsonNode json;
    private final String where;
    private final List<FieldError> errors;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(JsonNode json, String where, List<FieldError> errors) {
        this.json = json;
        this.where = where;
        this.errors = errors;
        if (!json.isObject() && !json.isMissingNode()) {
            errors.add(new FieldError(where, "must be an object"));
        }
    }

    /** The outermost object. */
    static Fields of(JsonNode json) {
        return new Fields(json, "", new ArrayList<>());
    }

    /** An object in a field; one that is not there gives the defaults. */
    Fields object(String name) {
        return new Fields(value(name), path(name), errors);
    }

    double number(String name, double byDefault) {
        JsonNode value = value(name);
        if (value.isMissingNode()) {
            return byDefault;
        }
        if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            return value.doubleValue();
        }
        errors.add(new FieldError(path(name), "must be a number"));
        return byDefault;
    }

    int integer(String name, int byDefault) {
        JsonNode value = value(name);
        if (value.isMissingNode()) {
            return byDefault;
        }
        if (value.isIntegralNumber() && value.canConvertToInt()) {
            return value.intValue();
        }
        errors.add(new FieldError(path(name), "must be a whole number"));
        return byDefault;
    }

    boolean flag(String name, boolean byDefault) {
        JsonNode value = value(name);
        if (value.isMissingNode()) {
            return byDefault;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        errors.add(new FieldError(path(name), "must be true or false"));
        return byDefault;
    }

    /** A constant by its name in lower case, with hyphens. */
    <E extends Enum<E>> E choice(String name, E byDefault) {
        JsonNode value = value(name);
        if (value.isMissingNode()) {
            return byDefault;
        }
        List<String> names = new ArrayList<>();
        for (E constant : byDefault.getDeclaringClass().getEnumConstants()) {
            names.add(jsonName(constant));
            if (value.isTextual() && value.textValue().equals(jsonName(constant))) {
                return constant;
            }
        }
        errors.add(new FieldError(path(name), "must be one of " + String.join(", ", names)));
        return byDefault;
    }

    static String jsonName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    List<Integer> integers(String name, List<Integer> byDefault) {
        JsonNode value = value(name);
        if (value.isMissingNode()) {
            return byDefault;
        }
        List<Integer> integers = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            if (value.path(i).canConvertToInt() && value.path(i).isIntegralNumber()) {
                integers.add(value.path(i).intValue());
            } else {
                errors.add(new FieldError(path(name) + "[" + i + "]", "must be a whole number"));
            }
        }
        if (!value.isArray()) {
            errors.add(new FieldError(path(name), "must be an array of whole numbers"));
        }
        return errors.isEmpty() ? integers : byDefault;
    }

    List<String> texts(String name, List<String> byDefault) {
        JsonNode value = value(name);
        if (value.isMissingNode()) {
            return byDefault;
        }
        List<String> texts = new ArrayList<>();
        value.forEach(text -> texts.add(text.isTextual() ? text.textValue() : ""));
        if (!value.isArray() || texts.contains("")) {
            errors.add(new FieldError(path(name), "must be an array of names"));
            return byDefault;
        }
        return texts;
    }

    /** A time span as ISO 8601 writes it, such as PT1H. */
    Duration duration(String name, Duration byDefault) {
        JsonNode value = value(name);
        if (value.isMissingNode()) {
            return byDefault;
        }
        try {
            return Duration.parse(value.asText());
        } catch (DateTimeParseException e) {
            errors.add(new FieldError(path(name), "must be a time span such as PT1H"));
            return byDefault;
        }
    }

    /** A number, or an object that says how it changes: shape, from, to, until. */
    Schedule schedule(String name, Schedule byDefault) {
        JsonNode value = value(name);
        if (!value.isObject()) {
            return value.isMissingNode() ? byDefault : Schedule.constant(number(name, 0));
        }
        Fields fields = object(name);
        Shape shape = fields.choice("shape", Shape.LINEAR);
        double from = fields.number("from", byDefault.at(0));
        double to = fields.number("to", byDefault.at(1));
        double until = fields.number("until", 1);
        fields.end();
        return fields.checked(
                () -> switch (shape) {
                    case LINEAR -> new Schedule.Linear(from, to, until);
                    case COSINE -> new Schedule.Cosine(from, to, until);
                    case EXPONENTIAL -> new Schedule.Exponential(from, to, until);
                },
                byDefault);
    }

    /** A value made of fields; where it cannot be made, the reasons are noted under this object. */
    <T> T checked(Supplier<T> made, T otherwise) {
        try {
            return made.get();
        } catch (InvalidInput e) {
            errors.addAll((where.isEmpty() ? e : e.under(where)).errors());
            return otherwise;
        }
    }

    /** Complains of every field that nobody asked for. */
    void end() {
        for (var property : json.properties()) {
            if (!known.contains(property.getKey())) {
                errors.add(new FieldError(
                        path(property.getKey()), "is unknown" + Suggestion.forName(property.getKey(), known)));
            }
        }
    }

    /** Throws what is wrong with all objects together. */
    void throwIfAny() {
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
    }

    private JsonNode value(String name) {
        known.add(name);
        @Nullable JsonNode value = json.get(name);
        return value == null || value.isNull() ? MissingNode.getInstance() : value;
    }

    private String path(String name) {
        return where.isEmpty() ? name : where + "." + name;
    }

    private enum Shape {
        LINEAR,
        COSINE,
        EXPONENTIAL
    }
}
