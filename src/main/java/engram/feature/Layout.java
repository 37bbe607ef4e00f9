package engram.feature;

import engram.feature.FeatureSchema.Categorical;
import engram.feature.FeatureSchema.Numeric;
import engram.feature.FeatureSchema.Observation;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A schema made ready for extraction: which slots belong to which field, found key by key from the root. Immutable. */
final class Layout {
    /** A declared field and its slots. */
    sealed interface Declared {
        String field();

        int first();
    }

    record NumericSlot(String field, int first, double min, double max) implements Declared {}

    record CategorySlots(String field, int first, List<String> values, Map<String, Integer> slots)
            implements Declared {}

    record GridSlots(String field, int first, int slots, List<Integer> shape) implements Declared {}

    /** What the schema knows about a place inside a state. */
    static final class Place {
        private final Map<String, Place> inside = new LinkedHashMap<>();
        private @Nullable Declared declared;
        private @Nullable GridSlots gridInside;

        /** The place under the key, null where nothing is declared there or below. */
        @Nullable
        Place at(String key) {
            return inside.get(key);
        }

        /** The places under this one, in the order of the schema. */
        Map<String, Place> inside() {
            return Collections.unmodifiableMap(inside);
        }

        @Nullable
        Declared declared() {
            return declared;
        }

        /** The grid that is declared directly inside; an array in this place is taken for it. */
        @Nullable
        GridSlots gridInside() {
            return gridInside;
        }
    }

    private final FeatureSchema schema;
    private final Place root = new Place();
    private final Map<String, Declared> fields = new HashMap<>();
    private final float[] nothing;
    private final double[] low;
    private final double[] high;
    private final UndeclaredSlots undeclared;

    Layout(FeatureSchema schema) {
        this.schema = schema;
        nothing = new float[schema.inputs()];
        int slot = 0;
        for (Numeric numeric : schema.numeric()) {
            declare(new NumericSlot(numeric.field(), slot, numeric.min(), numeric.max()));
            slot++;
        }
        Observation observation = schema.observation();
        low = observation == null ? new double[0] : array(observation.low());
        high = observation == null ? new double[0] : array(observation.high());
        slot += low.length;
        Arrays.fill(nothing, 0, slot, 0.5f);
        for (Categorical categorical : schema.categorical()) {
            Map<String, Integer> slots = new HashMap<>();
            for (String value : categorical.values()) {
                slots.put(value, slot + slots.size());
            }
            declare(new CategorySlots(categorical.field(), slot, categorical.values(), Map.copyOf(slots)));
            slot += slots.size();
        }
        FeatureSchema.Grid grid = schema.grid();
        if (grid != null) {
            declare(new GridSlots(grid.field(), slot, grid.slots(), grid.shape()));
            slot += grid.slots();
        }
        undeclared = new UndeclaredSlots(slot, schema.inputs() - slot);
    }

    private void declare(Declared field) {
        Place parent = root;
        Place place = root;
        for (String key : FieldPath.split(field.field())) {
            parent = place;
            place = place.inside.computeIfAbsent(key, name -> new Place());
        }
        place.declared = field;
        if (field instanceof GridSlots grid) {
            parent.gridInside = grid;
        }
        fields.put(field.field(), field);
    }

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    FeatureSchema schema() {
        return schema;
    }

    Place root() {
        return root;
    }

    /** The declared field of this name, null for an undeclared one. */
    @Nullable
    Declared declared(String field) {
        return fields.get(field);
    }

    /** The features of a state that says nothing; a fresh array. */
    float[] nothing() {
        return nothing.clone();
    }

    /** The length of the observation vector, 0 where the states have named fields. */
    int observationLength() {
        return low.length;
    }

    double low(int element) {
        return low[element];
    }

    double high(int element) {
        return high[element];
    }

    UndeclaredSlots undeclared() {
        return undeclared;
    }
}
