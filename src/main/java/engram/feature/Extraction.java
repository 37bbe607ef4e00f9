package engram.feature;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.InvalidInput;
import engram.feature.Remark.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over one state. Not thread-safe; used once. */
final class Extraction {
    /** How far outside its range a number is reported: bounds often went through 32 bits. */
    private static final double TOLERANCE = 1e-6;

    private record Undeclared(String name, float feature) {}

    private final Layout layout;
    private final int maxDepth;
    private final float[] values;
    private final boolean[] present;
    private final List<Remark> remarks = new ArrayList<>(0);
    private final List<Undeclared> undeclared = new ArrayList<>();
    private List<Integer> gridShape = List.of();

    Extraction(Layout layout, int maxDepth) {
        this.layout = layout;
        this.maxDepth = maxDepth;
        values = layout.nothing();
        present = new boolean[values.length];
    }

    /** The fields of an object or the elements of an array at the root of the state. */
    void fields(JsonNode state) {
        if (state.isObject()) {
            object(state, layout.root(), "", 1);
        } else if (state.isArray()) {
            for (int i = 0; i < state.size(); i++) {
                String key = element(i);
                field(state.get(i), layout.root().at(key), "", key, 1);
            }
        } else {
            throw new InvalidInput("", "the state must be a JSON object or an array of numbers");
        }
    }

    /** The name of an element of a state that is an array. */
    static String element(int index) {
        return "[" + index + "]";
    }

    /** A state under an observation schema: the vector, or an object that holds it as its only field. */
    void observation(JsonNode state) {
        JsonNode vector = state;
        String name = "";
        if (state.isObject()) {
            for (var property : state.properties()) {
                if (!property.getKey().equals("observation")) {
                    throw new InvalidInput(
                            FieldPath.escape(property.getKey()),
                            "is no field of this state: its schema is an observation vector, so the state must be an"
                                    + " array of numbers or an object with the one field 'observation'");
                }
            }
            name = "observation";
            vector = state.path(name);
        }
        if (!vector.isArray()) {
            throw new InvalidInput(
                    name, "the state must be an observation, an array of " + layout.observationLength() + " numbers");
        }
        if (vector.size() != layout.observationLength()) {
            throw new InvalidInput(
                    name,
                    "the state is an observation of " + vector.size() + " numbers, its schema's has "
                            + layout.observationLength());
        }
        for (int i = 0; i < vector.size(); i++) {
            double value = finite(vector.get(i), name, i);
            double low = layout.low(i);
            double high = layout.high(i);
            if (Scaling.isUnbounded(low, high)) {
                values[i] = Scaling.squash(value);
            } else if (!scale(value, low, high, i)) {
                clipped(value, low, high, i, name + element(i));
            }
            present[i] = true;
        }
    }

    /** Puts the undeclared numbers into their slots, after all else. */
    Features finish() {
        undeclared.sort(Comparator.comparing(Undeclared::name));
        String[] names = new String[undeclared.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = undeclared.get(i).name();
        }
        int[] slots = layout.undeclared().place(names);
        for (int i = 0; i < slots.length; i++) {
            values[slots[i]] = undeclared.get(i).feature();
            present[slots[i]] = true;
            int home = layout.undeclared().home(names[i]);
            if (slots[i] != home) {
                remarks.add(new Remark(
                        Kind.MOVED,
                        names[i],
                        slots[i],
                        "sits in slot " + slots[i] + ", its own slot " + home + " is taken"));
            }
        }
        if (remarks.size() > 1) {
            remarks.sort(Comparator.comparingInt(Remark::slot).thenComparing(Remark::field));
        }
        return new Features(values, present, remarks, names, gridShape);
    }

    void remark(Remark remark) {
        remarks.add(remark);
    }

    private void object(JsonNode object, Layout.@Nullable Place place, String prefix, int depth) {
        for (var property : object.properties()) {
            String key = property.getKey();
            field(property.getValue(), place == null ? null : place.at(key), prefix, key, depth);
        }
    }

    /** A field of the object or array whose path is the prefix, which ends in a dot unless it is the root's. */
    private void field(JsonNode value, Layout.@Nullable Place place, String prefix, String key, int depth) {
        if (place != null && place.declared() != null) {
            if (!value.isNull()) {
                declared(value, place.declared());
            }
            return;
        }
        switch (value.getNodeType()) {
            case NUMBER, BOOLEAN -> undeclared(value, prefix, key);
            case OBJECT -> object(value, place, inside(prefix, key, depth), depth + 1);
            case ARRAY -> {
                if (place != null && place.gridInside() != null) {
                    grid(value, place.gridInside(), prefix + FieldPath.escape(key));
                } else {
                    String path = inside(prefix, key, depth);
                    for (int i = 0; i < value.size(); i++) {
                        String index = Integer.toString(i);
                        field(value.get(i), place == null ? null : place.at(index), path, index, depth + 1);
                    }
                }
            }
            default -> {} // strings and nulls carry no number; they stay in the payload
        }
    }

    private String inside(String prefix, String key, int depth) {
        String path = prefix + FieldPath.escape(key);
        if (depth >= maxDepth) {
            throw new InvalidInput(path, "is nested deeper than " + maxDepth + " levels");
        }
        return path + ".";
    }

    private void undeclared(JsonNode value, String prefix, String key) {
        String name = prefix + FieldPath.escape(key);
        double number = value.isBoolean() ? (value.booleanValue() ? 1 : 0) : finite(value, name);
        if (undeclared.size() == layout.undeclared().count()) {
            throw new InvalidInput(
                    name,
                    "the state does not fit its " + values.length + " inputs: the declared fields leave "
                            + layout.undeclared().count() + " for undeclared numbers, and this one is one too many");
        }
        undeclared.add(new Undeclared(name, Scaling.squash(number)));
    }

    private void declared(JsonNode value, Layout.Declared declared) {
        switch (declared) {
            case Layout.NumericSlot number -> {
                double v = finite(value, number.field());
                if (!scale(v, number.min(), number.max(), number.first())) {
                    clipped(v, number.min(), number.max(), number.first(), number.field());
                }
                present[number.first()] = true;
            }
            case Layout.CategorySlots category -> category(value, category);
            case Layout.GridSlots grid -> grid(value, grid, grid.field());
        }
    }

    private void category(JsonNode value, Layout.CategorySlots category) {
        if (!value.isTextual()) {
            throw new InvalidInput(
                    category.field(), "must be a string, one of " + category.values() + ", is " + typeOf(value));
        }
        int end = category.first() + category.values().size();
        Arrays.fill(present, category.first(), end, true);
        Integer slot = category.slots().get(value.textValue());
        if (slot != null) {
            values[slot] = 1;
        } else {
            remarks.add(new Remark(
                    Kind.UNKNOWN_CATEGORY,
                    category.field(),
                    category.first(),
                    "'" + value.textValue() + "' is none of " + category.values()));
        }
    }

    private void grid(JsonNode rows, Layout.GridSlots grid, String path) {
        if (!rows.isArray()) {
            throw new InvalidInput(path, "must be an array of rows or of numbers, is " + typeOf(rows));
        }
        boolean flat = !rows.path(0).isArray();
        int columns = flat ? rows.size() : rows.get(0).size();
        long cells = flat ? columns : (long) rows.size() * columns;
        if (cells > grid.slots()) {
            throw new InvalidInput(
                    path, "has " + cells + " cells and does not fit: the schema's grid.slots is " + grid.slots());
        }
        List<Integer> shape = flat ? List.of(columns) : List.of(rows.size(), columns);
        if (!grid.shape().isEmpty() && !grid.shape().equals(shape)) {
            throw new InvalidInput(path, "has the shape " + shape + ", the schema's grid.shape is " + grid.shape());
        }
        double largest = 1;
        int negative = 0;
        double[] flattened = new double[(int) cells];
        for (int i = 0, cell = 0; i < rows.size(); i++) {
            JsonNode row = rows.get(i);
            if (row.isArray() == flat || (!flat && row.size() != columns)) {
                throw new InvalidInput(
                        path + element(i), flat ? "must be a number" : "must be a row of " + columns + " numbers");
            }
            for (int j = 0; j < (flat ? 1 : columns); j++, cell++) {
                double value = flat ? finite(row, path, i) : cell(row, path, i, j);
                flattened[cell] = Math.max(0, value);
                largest = Math.max(largest, value);
                negative += value < 0 ? 1 : 0;
            }
        }
        for (int cell = 0; cell < flattened.length; cell++) {
            values[grid.first() + cell] = (float) (flattened[cell] / largest);
            present[grid.first() + cell] = true;
        }
        if (negative > 0) {
            remarks.add(new Remark(Kind.CLIPPED, path, grid.first(), negative + " negative cells count as 0"));
        }
        gridShape = cells == 0 ? List.of() : shape;
    }

    /** Whether the value was inside its range. */
    private boolean scale(double value, double min, double max, int slot) {
        double position = Scaling.position(value, min, max);
        values[slot] = (float) Math.clamp(position, 0.0, 1.0);
        return position >= -TOLERANCE && position <= 1 + TOLERANCE;
    }

    private void clipped(double value, double min, double max, int slot, String field) {
        double bound = value < min ? min : max;
        remarks.add(new Remark(
                Kind.CLIPPED, field, slot, value + " is outside " + min + " to " + max + " and counts as " + bound));
    }

    private static double cell(JsonNode row, String path, int i, int j) {
        JsonNode cell = row.get(j);
        return isFinite(cell) ? cell.doubleValue() : finite(cell, path + element(i), j);
    }

    /** The element's number; its path is written only to complain. */
    private static double finite(JsonNode value, String path, int index) {
        return isFinite(value) ? value.doubleValue() : finite(value, path + element(index));
    }

    private static boolean isFinite(JsonNode value) {
        return value.isNumber() && Double.isFinite(value.doubleValue());
    }

    private static double finite(JsonNode value, String path) {
        if (!value.isNumber()) {
            throw new InvalidInput(path, "must be a number, is " + typeOf(value));
        }
        double number = value.doubleValue();
        if (!Double.isFinite(number)) {
            throw new InvalidInput(path, "must be a finite number");
        }
        return number;
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case NUMBER -> "a number";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case BINARY, MISSING, POJO -> "no JSON value";
        };
    }
}
