package engram.feature;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.feature.FeatureSchema.Categorical;
import engram.feature.FeatureSchema.Grid;
import engram.feature.FeatureSchema.Numeric;
import engram.feature.FeatureSchema.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads one schema from JSON and collects all that is wrong with it before giving up. */
final class SchemaReader {
    private final List<FieldError> errors = new ArrayList<>();

    FeatureSchema read(JsonNode json) {
        int inputs = FeatureSchema.DEFAULT_INPUTS;
        List<Numeric> numeric = new ArrayList<>();
        List<Categorical> categorical = new ArrayList<>();
        Grid grid = null;
        Observation observation = null;
        if (object(json, "", Set.of("inputs", "numeric", "categorical", "grid", "observation"))) {
            inputs = json.has("inputs") ? integer(json, "inputs", "") : inputs;
            numeric = numeric(json.path("numeric"));
            categorical = categorical(json.path("categorical"));
            grid = json.has("grid") ? grid(json.path("grid")) : null;
            observation = json.has("observation") ? observation(json.path("observation")) : null;
        }
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
        return new FeatureSchema(inputs, numeric, categorical, grid, observation);
    }

    private List<Numeric> numeric(JsonNode json) {
        List<Numeric> fields = new ArrayList<>();
        if (json.isMissingNode() || !object(json, "numeric", null)) {
            return fields;
        }
        for (var property : json.properties()) {
            String where = "numeric." + property.getKey();
            JsonNode range = property.getValue();
            if (object(range, where, Set.of("min", "max"))) {
                Double min = number(range, "min", where);
                Double max = number(range, "max", where);
                if (min != null && max != null) {
                    Numeric field = checked(where, () -> new Numeric(property.getKey(), min, max));
                    if (field != null) {
                        fields.add(field);
                    }
                }
            }
        }
        return fields;
    }

    private List<Categorical> categorical(JsonNode json) {
        List<Categorical> fields = new ArrayList<>();
        if (json.isMissingNode() || !object(json, "categorical", null)) {
            return fields;
        }
        for (var property : json.properties()) {
            String where = "categorical." + property.getKey();
            List<String> values = strings(property.getValue(), where);
            if (values != null) {
                Categorical field = checked(where, () -> new Categorical(property.getKey(), values));
                if (field != null) {
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    private @Nullable Grid grid(JsonNode json) {
        if (!object(json, "grid", Set.of("field", "slots", "shape"))) {
            return null;
        }
        int before = errors.size();
        JsonNode field = json.path("field");
        if (!field.isTextual()) {
            errors.add(new FieldError("grid.field", "must be the name of the field that holds the grid"));
        }
        int slots = integer(json, "slots", "grid.");
        List<Integer> shape = new ArrayList<>();
        JsonNode lengths = json.path("shape");
        if (!lengths.isMissingNode() && !lengths.isArray()) {
            errors.add(new FieldError("grid.shape", "must be an array of rows and columns"));
        }
        for (int i = 0; i < lengths.size(); i++) {
            if (lengths.path(i).isInt()) {
                shape.add(lengths.path(i).intValue());
            } else {
                errors.add(new FieldError("grid.shape[" + i + "]", "must be an integer"));
            }
        }
        return errors.size() > before ? null : checked("grid", () -> new Grid(field.textValue(), slots, shape));
    }

    private @Nullable Observation observation(JsonNode json) {
        if (!object(json, "observation", Set.of("low", "high"))) {
            return null;
        }
        List<Double> low = bounds(json.path("low"), "observation.low", Double.NEGATIVE_INFINITY);
        List<Double> high = bounds(json.path("high"), "observation.high", Double.POSITIVE_INFINITY);
        return low == null || high == null ? null : checked("observation", () -> new Observation(low, high));
    }

    private @Nullable List<Double> bounds(JsonNode json, String where, double unbounded) {
        if (!json.isArray()) {
            errors.add(new FieldError(where, "must be an array of numbers, null where there is no bound"));
            return null;
        }
        List<Double> bounds = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            JsonNode bound = json.path(i);
            if (bound.isNumber() || bound.isNull()) {
                bounds.add(bound.isNull() ? unbounded : bound.doubleValue());
            } else {
                errors.add(new FieldError(where + "[" + i + "]", "must be a number or null"));
            }
        }
        return bounds.size() == json.size() ? bounds : null;
    }

    private @Nullable List<String> strings(JsonNode json, String where) {
        if (!json.isArray()) {
            errors.add(new FieldError(where, "must be an array of strings, the categories"));
            return null;
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            if (json.path(i).isTextual()) {
                values.add(json.path(i).textValue());
            } else {
                errors.add(new FieldError(where + "[" + i + "]", "must be a string"));
            }
        }
        return values.size() == json.size() ? values : null;
    }

    /** Whether this is an object with none but the known properties; null stands for any. */
    private boolean object(JsonNode json, String where, @Nullable Set<String> known) {
        if (!json.isObject()) {
            errors.add(new FieldError(where, "must be a JSON object"));
            return false;
        }
        if (known != null) {
            for (var property : json.properties()) {
                if (!known.contains(property.getKey())) {
                    String field = where.isEmpty() ? property.getKey() : where + "." + property.getKey();
                    errors.add(new FieldError(
                            field,
                            "is unknown; known are "
                                    + String.join(", ", known.stream().sorted().toList())));
                }
            }
        }
        return true;
    }

    private int integer(JsonNode json, String name, String prefix) {
        JsonNode value = json.path(name);
        if (!value.isInt()) {
            errors.add(new FieldError(prefix + name, "must be an integer of 1 to " + FeatureSchema.MAX_INPUTS));
            return 1;
        }
        return value.intValue();
    }

    private @Nullable Double number(JsonNode json, String name, String where) {
        JsonNode value = json.path(name);
        if (!value.isNumber()) {
            errors.add(new FieldError(where + "." + name, "must be a number"));
            return null;
        }
        return value.doubleValue();
    }

    private <T> @Nullable T checked(String where, Supplier<T> value) {
        try {
            return value.get();
        } catch (InvalidInput e) {
            errors.addAll(e.under(where).errors());
            return null;
        }
    }
}
