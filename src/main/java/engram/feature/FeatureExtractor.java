package engram.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Turns states into features by one schema, and features back into approximate states.
 *
 * <pre>{@code
 * FeatureExtractor extractor = new FeatureExtractor(FeatureSchema.defaults());
 * Features features = extractor.extract(new ObjectMapper().readTree("{\"health\":80,\"fuel\":3}"));
 * features.values()[0];                                                // 0.8
 * extractor.reconstruct(features.values(), extractor.outline(features)); // {"health":80.0,"fuel":3.0}
 * }</pre>
 *
 * <p>A declared number is scaled from its range to [0,1] and clipped; a declared string becomes one-hot; the grid is
 * flattened by rows and divided by its maximum (at least 1). Any other number v, true and false as 1 and 0, becomes
 * (1 + v/(1+|v|))/2 in a slot that its name chooses; other strings and nulls carry no number and are passed over. A
 * declared null counts as absent.
 *
 * <p>Immutable and safe for any number of threads.
 */
public final class FeatureExtractor {
    /** The default for the deepest nesting of objects and arrays in a state. */
    public static final int DEFAULT_MAX_DEPTH = 32;

    private final Layout layout;
    private final int maxDepth;

    /** An extractor that takes states nested up to {@value #DEFAULT_MAX_DEPTH} levels deep. */
    public FeatureExtractor(FeatureSchema schema) {
        this(schema, DEFAULT_MAX_DEPTH);
    }

    /**
     * An extractor by the schema.
     *
     * @param maxDepth how many objects and arrays may lie in one another, the state itself included; at least 1
     */
    public FeatureExtractor(FeatureSchema schema, int maxDepth) {
        if (maxDepth < 1) {
            throw new InvalidInput("maxDepth", "must be at least 1, is " + maxDepth);
        }
        this.layout = new Layout(schema);
        this.maxDepth = maxDepth;
    }

    /** The schema by which this extractor works. */
    public FeatureSchema schema() {
        return layout.schema();
    }

    /**
     * The features of a state: an object, or an array of numbers. Under an observation schema the array is the
     * observation (or the object has it as its only field, {@code observation}); otherwise element i is the undeclared
     * field {@code [i]}.
     *
     * @throws InvalidInput naming the field, relative to the state and empty for the state as a whole: a wrong type, a
     *     number that is not finite, a grid or an undeclared number that does not fit, an observation of another
     *     length, too deep nesting
     */
    public Features extract(JsonNode state) {
        Extraction extraction = new Extraction(layout, maxDepth);
        if (layout.observationLength() > 0) {
            extraction.observation(state);
        } else {
            extraction.fields(state);
        }
        return extraction.finish();
    }

    /**
     * The features of an action, alone or in the state in which it was taken. Its {@code action_type} becomes the field
     * {@code current_action}; the fields of its {@code action_params}, {@code context} and {@code outcome} become
     * {@code param_…}, {@code context_…} and {@code outcome_…}, or, where they are no objects, {@code param},
     * {@code context} and {@code outcome}; all others keep their names. A string is an action type; a number or an array
     * is the field {@code action}. The action's fields replace those of the state. Under an observation schema the
     * state is the observation and the action's numbers are undeclared.
     *
     * @param state the state, null for the action alone
     * @throws InvalidInput as {@link #extract}, with the names above
     */
    public Features extractAction(JsonNode action, @Nullable JsonNode state) {
        Extraction extraction = new Extraction(layout, maxDepth);
        JsonNode given = state == null ? MissingNode.getInstance() : state;
        ObjectNode fields;
        if (layout.observationLength() > 0) {
            if (state != null) {
                extraction.observation(state);
            }
            fields = ActionFields.merge(action, MissingNode.getInstance());
        } else {
            fields = ActionFields.merge(action, given);
        }
        extraction.fields(fields);
        if (fields.path(ActionFields.ACTION_TYPE).isTextual() && layout.declared(ActionFields.ACTION_TYPE) == null) {
            extraction.remark(new Remark(
                    Remark.Kind.UNKNOWN_CATEGORY,
                    ActionFields.ACTION_TYPE,
                    -1,
                    "the schema declares no categories for it, so the action type is not among the features"));
        }
        return extraction.finish();
    }

    /** The names of the fields that the features came from, to keep for a reconstruction. */
    public Outline outline(Features features) {
        SortedSet<String> fields = new TreeSet<>();
        SortedMap<String, Integer> magnitudes = new TreeMap<>();
        String[] undeclared = features.undeclared();
        int[] slots = layout.undeclared().place(undeclared);
        for (int i = 0; i < slots.length; i++) {
            fields.add(undeclared[i]);
            magnitudes.put(undeclared[i], Math.getExponent(Scaling.unsquash(features.values()[slots[i]])));
        }
        for (FeatureSchema.Numeric field : schema().numeric()) {
            addIfSaid(fields, field.field(), 1, features);
        }
        for (FeatureSchema.Categorical field : schema().categorical()) {
            addIfSaid(fields, field.field(), field.values().size(), features);
        }
        return new Outline(fields, features.gridShape(), magnitudes);
    }

    private void addIfSaid(SortedSet<String> fields, String name, int slots, Features features) {
        Layout.Declared declared = layout.declared(name);
        for (int i = 0; declared != null && i < slots; i++) {
            int slot = declared.first() + i;
            if (features.present()[slot] && (declared instanceof Layout.NumericSlot || features.values()[slot] > 0)) {
                fields.add(name);
            }
        }
    }

    /**
     * An approximate state, without knowing which fields it had: all declared numbers, the categories whose feature is
     * above 0.5, and the grid if the schema gives its shape, in values of 0 to 1. Undeclared numbers have no names and
     * are left out. Under an observation schema it is the array of numbers.
     *
     * @param features one value per input; values outside [0,1] count as the nearer bound; not kept
     * @throws InvalidInput if the length is another or a value is not a number
     */
    public JsonNode reconstruct(float[] features) {
        return new Reconstruction(layout, features, null).state();
    }

    /**
     * An approximate state with just the fields of the outline, undeclared ones included, and for each category the
     * most likely value. An array inside the state is an array again if all its elements were numbers.
     *
     * @param features as in {@link #reconstruct(float[])}
     * @throws InvalidInput as there, or if the outline does not fit the schema
     */
    public JsonNode reconstruct(float[] features, Outline outline) {
        return new Reconstruction(layout, features, outline).state();
    }

    /**
     * The part of the state that is made of declared numbers and categories, as they are; a new object that shares the
     * values. Empty under an observation schema. Values of a wrong type are left out.
     */
    public ObjectNode declared(JsonNode state) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        copyDeclared(state, layout.root(), true, part);
        return part;
    }

    private void copyDeclared(JsonNode value, Layout.Place place, boolean root, ObjectNode target) {
        for (Map.Entry<String, Layout.Place> inner : place.inside().entrySet()) {
            String key = inner.getKey();
            JsonNode child = value.isArray() ? element(value, key, root) : value.path(key);
            Layout.Declared declared = inner.getValue().declared();
            if (declared == null && child.isContainerNode()) {
                ObjectNode part = JsonNodeFactory.instance.objectNode();
                copyDeclared(child, inner.getValue(), false, part);
                if (!part.isEmpty()) {
                    target.set(key, part);
                }
            } else if ((declared instanceof Layout.NumericSlot && child.isNumber())
                    || (declared instanceof Layout.CategorySlots && child.isTextual())) {
                target.set(key, child);
            }
        }
    }

    private static JsonNode element(JsonNode array, String key, boolean root) {
        for (int i = 0; i < array.size(); i++) {
            if (key.equals(root ? Extraction.element(i) : Integer.toString(i))) {
                return array.get(i);
            }
        }
        return MissingNode.getInstance();
    }
}
