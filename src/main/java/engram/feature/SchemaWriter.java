package engram.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Writes a schema as JSON that {@link SchemaReader} reads back to an equal one. */
final class SchemaWriter {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SchemaWriter() {}

    static JsonNode write(FeatureSchema schema) {
        ObjectNode json = JSON.objectNode();
        json.put("inputs", schema.inputs());
        if (!schema.numeric().isEmpty()) {
            ObjectNode numeric = json.putObject("numeric");
            for (FeatureSchema.Numeric field : schema.numeric()) {
                ObjectNode range = numeric.putObject(field.field());
                range.set("min", number(field.min()));
                range.set("max", number(field.max()));
            }
        }
        if (!schema.categorical().isEmpty()) {
            ObjectNode categorical = json.putObject("categorical");
            for (FeatureSchema.Categorical field : schema.categorical()) {
                ArrayNode values = categorical.putArray(field.field());
                field.values().forEach(values::add);
            }
        }
        FeatureSchema.Grid grid = schema.grid();
        if (grid != null) {
            ObjectNode region =
                    json.putObject("grid").put("field", grid.field()).put("slots", grid.slots());
            if (!grid.shape().isEmpty()) {
                ArrayNode shape = region.putArray("shape");
                grid.shape().forEach(shape::add);
            }
        }
        FeatureSchema.Observation observation = schema.observation();
        if (observation != null) {
            ObjectNode box = json.putObject("observation");
            box.set("low", bounds(observation.low()));
            box.set("high", bounds(observation.high()));
        }
        return json;
    }

    private static ArrayNode bounds(List<Double> bounds) {
        ArrayNode json = JSON.arrayNode();
        bounds.forEach(bound -> json.add(Double.isInfinite(bound) ? JSON.nullNode() : number(bound)));
        return json;
    }

    /** A whole number without a fraction, as people write it. */
    private static JsonNode number(double value) {
        return value == (int) value && Double.doubleToRawLongBits(value) != Long.MIN_VALUE
                ? JSON.numberNode((int) value)
                : JSON.numberNode(value);
    }
}
