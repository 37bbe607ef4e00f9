package engram.api.problem;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says in words of the API what Jackson found wrong with a body: the field or the place, never a class. */
final class JsonErrors {
    private static final int LONGEST_NAME = 200;

    private JsonErrors() {}

    /** The problem of a body that cannot be read. */
    static Problem problem(JsonProcessingException failure, @Nullable String instance) {
        JsonProcessingException root = root(failure);
        String path = failure instanceof JsonMappingException mapping ? path(mapping) : "";
        if (root instanceof StreamConstraintsException) {
            return invalid(path, constraint(root.getOriginalMessage()) + at(root), instance);
        }
        if (root instanceof InputCoercionException) {
            return invalid(path, "is a number that is too large or has a fraction" + at(root), instance);
        }
        if (root instanceof StreamReadException) {
            return Problem.of(
                    ProblemType.MALFORMED_JSON, List.of(new FieldError(path, malformed(root) + at(root))), instance);
        }
        if (root instanceof UnrecognizedPropertyException unknown) {
            Collection<Object> known = Objects.requireNonNullElse(unknown.getKnownPropertyIds(), List.of());
            String message = "is unknown"
                    + Suggestion.forName(
                            unknown.getPropertyName(),
                            known.stream().map(String::valueOf).toList());
            return invalid(path, message, instance);
        }
        if (failure.getCause() instanceof InvalidInput invalid) {
            return Problem.of(
                    ProblemType.INVALID_INPUT,
                    path.isEmpty() ? invalid.errors() : invalid.under(path).errors(),
                    instance);
        }
        if (root instanceof MismatchedInputException mismatch) {
            if (path.isEmpty() && isTrailing(mismatch)) {
                return Problem.of(
                        ProblemType.MALFORMED_JSON,
                        List.of(new FieldError("", "there is something after the end of the JSON" + at(root))),
                        instance);
            }
            return invalid(path, "must be " + expected(target(mismatch, path)) + at(root), instance);
        }
        return invalid(path, "cannot be read" + at(root), instance);
    }

    private static Problem invalid(String path, String message, @Nullable String instance) {
        return Problem.of(ProblemType.INVALID_INPUT, List.of(new FieldError(path, message)), instance);
    }

    /** Jackson wraps what the parser throws once for every object it was inside of. */
    private static JsonProcessingException root(JsonProcessingException failure) {
        JsonProcessingException root = failure;
        while (root.getCause() instanceof JsonProcessingException cause) {
            root = cause;
        }
        return root;
    }

    /** Of an element of an array of numbers Jackson names the array. */
    private static @Nullable Class<?> target(MismatchedInputException mismatch, String path) {
        Class<?> target = mismatch.getTargetType();
        return target != null && target.isArray() && path.endsWith("]") ? target.getComponentType() : target;
    }

    private static boolean isTrailing(MismatchedInputException mismatch) {
        return mismatch.getOriginalMessage().startsWith("Trailing token");
    }

    private static String malformed(JsonProcessingException root) {
        if (root instanceof JsonEOFException) {
            return "the JSON ends too early";
        }
        String message = root.getOriginalMessage();
        if (message == null || message.contains("com.fasterxml") || message.contains("java.")) {
            return "the body is not JSON";
        }
        int hint = message.indexOf("JsonReadFeature");
        String kept = hint < 0 ? message : message.substring(0, message.lastIndexOf(':', hint));
        return kept.isEmpty() ? "the body is not JSON" : kept;
    }

    private static String constraint(@Nullable String message) {
        String known = message == null ? "" : message;
        if (known.contains("nesting depth")) {
            return "is nested deeper than engram.limits.nesting-depth allows";
        }
        if (known.contains("String value length") || known.contains("String length")) {
            return "holds a text longer than engram.limits.string-length allows";
        }
        if (known.contains("Name length")) {
            return "holds a field name that is too long";
        }
        if (known.contains("Number")) {
            return "holds a number of too many digits";
        }
        return "exceeds a limit";
    }

    private static String at(JsonProcessingException failure) {
        JsonLocation location = failure.getLocation();
        if (location == null || location.getLineNr() < 1) {
            return "";
        }
        return " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static String path(JsonMappingException failure) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : failure.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                String name = reference.getFieldName();
                path.append(path.isEmpty() ? "" : ".")
                        .append(name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name);
            }
        }
        return path.toString();
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        if (type == Long.class || type == Integer.class || type == long.class || type == int.class) {
            return "a whole number";
        }
        if (type == Double.class || type == double.class || type == Float.class || type == float.class) {
            return "a number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a text";
        }
        if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        if (type.isRecord() || Map.class.isAssignableFrom(type) || JsonNode.class.isAssignableFrom(type)) {
            return "an object";
        }
        return "of another type";
    }

    /** The fields of an unreadable part of a body that was parsed before. */
    static List<FieldError> fields(JsonProcessingException failure) {
        List<FieldError> fields = new ArrayList<>();
        problem(failure, null).errors().forEach(error -> fields.add(new FieldError(error.field(), error.message())));
        return fields;
    }
}
