package engram.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From features back to an approximate state. Used once. */
final class Reconstruction {
    /** Without an outline, the smallest feature that names a category. */
    private static final float NAMED = 0.5f;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Layout layout;
    private final float[] features;
    private final @Nullable Outline outline;
    private final ObjectNode state = JSON.objectNode();

    Reconstruction(Layout layout, float[] features, @Nullable Outline outline) {
        if (features.length != layout.schema().inputs()) {
            throw new InvalidInput(
                    "features", "must be " + layout.schema().inputs() + " numbers, are " + features.length);
        }
        this.layout = layout;
        this.features = features.clone();
        for (int i = 0; i < features.length; i++) {
            if (Float.isNaN(features[i])) {
                throw new InvalidInput("features[" + i + "]", "must be a number");
            }
            this.features[i] = Math.clamp(features[i], 0f, 1f);
        }
        this.outline = outline;
    }

    JsonNode state() {
        if (layout.observationLength() > 0) {
            return observation();
        }
        FeatureSchema schema = layout.schema();
        schema.numeric().forEach(field -> declared(field.field()));
        schema.categorical().forEach(field -> declared(field.field()));
        if (schema.grid() != null) {
            declared(schema.grid().field());
        }
        if (outline != null) {
            undeclared(outline);
        }
        return arrays(state, true);
    }

    private ArrayNode observation() {
        ArrayNode vector = JSON.arrayNode();
        for (int i = 0; i < layout.observationLength(); i++) {
            boolean unbounded = Scaling.isUnbounded(layout.low(i), layout.high(i));
            vector.add(
                    unbounded
                            ? Scaling.unsquash(features[i])
                            : Scaling.between(features[i], layout.low(i), layout.high(i)));
        }
        return vector;
    }

    private void declared(String name) {
        switch (layout.declared(name)) {
            case Layout.NumericSlot number -> {
                if (outline == null || outline.fields().contains(name)) {
                    put(name, JSON.numberNode(Scaling.between(features[number.first()], number.min(), number.max())));
                }
            }
            case Layout.CategorySlots category -> {
                int best = 0;
                for (int i = 1; i < category.values().size(); i++) {
                    best = features[category.first() + i] > features[category.first() + best] ? i : best;
                }
                if (outline == null
                        ? features[category.first() + best] > NAMED
                        : outline.fields().contains(name)) {
                    put(name, JSON.textNode(category.values().get(best)));
                }
            }
            case Layout.GridSlots grid -> {
                List<Integer> shape = outline == null ? grid.shape() : outline.gridShape();
                if (!shape.isEmpty()) {
                    put(name, grid(grid, shape));
                }
            }
            case null -> throw new IllegalStateException("not a field of the layout: " + name);
        }
    }

    private ArrayNode grid(Layout.GridSlots grid, List<Integer> shape) {
        int columns = shape.getLast();
        int rows = shape.size() == 1 ? 1 : shape.getFirst();
        if ((long) rows * columns > grid.slots()) {
            throw new InvalidInput("grid", "of shape " + shape + " does not fit " + grid.slots() + " slots");
        }
        ArrayNode json = JSON.arrayNode();
        for (int i = 0; i < rows; i++) {
            ArrayNode row = shape.size() == 1 ? json : json.addArray();
            for (int j = 0; j < columns; j++) {
                row.add(features[grid.first() + i * columns + j]);
            }
        }
        return json;
    }

    private void undeclared(Outline outline) {
        String[] names = outline.fields().stream()
                .filter(name -> layout.declared(name) == null)
                .toArray(String[]::new);
        if (names.length > layout.undeclared().count()) {
            throw new InvalidInput(
                    "fields",
                    "name " + names.length + " undeclared numbers for "
                            + layout.undeclared().count() + " slots");
        }
        int[] slots = layout.undeclared().place(names);
        for (int i = 0; i < slots.length; i++) {
            double estimate = Scaling.unsquash(features[slots[i]]);
            Integer magnitude = outline.magnitudes().get(names[i]);
            put(names[i], JSON.numberNode(magnitude == null ? estimate : Outline.ofMagnitude(estimate, magnitude)));
        }
    }

    private void put(String path, JsonNode value) {
        List<String> keys = FieldPath.split(path);
        ObjectNode parent = state;
        for (String key : keys.subList(0, keys.size() - 1)) {
            parent = parent.get(key) instanceof ObjectNode inner ? inner : parent.putObject(key);
        }
        parent.set(keys.getLast(), value);
    }

    /** Turns objects whose keys are the indexes of an array back into arrays. */
    private static JsonNode arrays(ObjectNode object, boolean root) {
        ArrayNode array = JSON.arrayNode();
        for (var property : object.properties()) {
            if (property.getValue() instanceof ObjectNode inner) {
                property.setValue(arrays(inner, false));
            }
        }
        for (int i = 0; i < object.size(); i++) {
            JsonNode element = object.get(root ? Extraction.element(i) : Integer.toString(i));
            if (element == null) {
                return object;
            }
            array.add(element);
        }
        return object.isEmpty() ? object : array;
    }
}
