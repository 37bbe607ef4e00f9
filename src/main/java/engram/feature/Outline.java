package engram.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which fields a state had, without their values: a few names to keep where the state itself is dropped, so that a
 * reconstruction invents no field and can name the undeclared ones.
 *
 * @param fields the paths of all numbers and categories, in name order, declared or not
 * @param gridShape rows and columns of the grid, the length of a flat grid, or empty without one
 * @param magnitudes of undeclared numbers, the exponent e for which 2^e is at most the number without its sign and 2^(e+1)
 *     above it; below all others for zero. An undeclared number may be of any size, and the feature of a large one cannot
 *     be told from that of a very large one once an encoder has rounded it
 */
public record Outline(SortedSet<String> fields, List<Integer> gridShape, SortedMap<String, Integer> magnitudes) {
    public Outline {
        SortedSet<String> inNameOrder = new TreeSet<>();
        inNameOrder.addAll(fields);
        fields = Collections.unmodifiableSortedSet(inNameOrder);
        gridShape = List.copyOf(gridShape);
        SortedMap<String, Integer> magnitudesInNameOrder = new TreeMap<>();
        magnitudesInNameOrder.putAll(magnitudes);
        magnitudes = Collections.unmodifiableSortedMap(magnitudesInNameOrder);
        if (gridShape.size() > 2 || gridShape.stream().anyMatch(length -> length < 1)) {
            throw new InvalidInput("grid", "must be at most two positive lengths, is " + gridShape);
        }
    }

    /** The number that has this magnitude, is of the same sign, and lies nearest. */
    static double ofMagnitude(double number, int magnitude) {
        if (magnitude < Double.MIN_EXPONENT) {
            return 0;
        }
        double least = Math.scalb(1.0, magnitude);
        return Math.copySign(Math.clamp(Math.abs(number), least, 2 * least), number);
    }

    /**
     * {@code {"fields":["fuel","health"],"grid":[5,5],"magnitudes":{"fuel":1}}}, without {@code grid} and
     * {@code magnitudes} where there were none.
     */
    public JsonNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode names = json.putArray("fields");
        fields.forEach(names::add);
        if (!gridShape.isEmpty()) {
            ArrayNode shape = json.putArray("grid");
            gridShape.forEach(shape::add);
        }
        if (!magnitudes.isEmpty()) {
            ObjectNode exponents = json.putObject("magnitudes");
            magnitudes.forEach(exponents::put);
        }
        return json;
    }

    /** Reads what {@link #toJson()} wrote; throws {@link InvalidInput} for anything else. */
    public static Outline parse(JsonNode json) {
        if (!json.isObject()) {
            throw new InvalidInput("", "an outline must be a JSON object");
        }
        for (var property : json.properties()) {
            if (!Set.of("fields", "grid", "magnitudes").contains(property.getKey())) {
                throw new InvalidInput(property.getKey(), "is not a field of an outline");
            }
        }
        if (!json.path("fields").isArray()) {
            throw new InvalidInput("fields", "must be an array of names");
        }
        SortedSet<String> fields = new TreeSet<>();
        for (JsonNode name : json.path("fields")) {
            if (!name.isTextual()) {
                throw new InvalidInput("fields", "must be names");
            }
            fields.add(name.textValue());
        }
        List<Integer> shape = new ArrayList<>();
        for (JsonNode length : json.path("grid")) {
            if (!length.isInt()) {
                throw new InvalidInput("grid", "must be lengths");
            }
            shape.add(length.intValue());
        }
        return new Outline(fields, shape, magnitudes(json.path("magnitudes")));
    }

    private static SortedMap<String, Integer> magnitudes(JsonNode json) {
        SortedMap<String, Integer> magnitudes = new TreeMap<>();
        for (var magnitude : json.properties()) {
            if (!magnitude.getValue().isInt()) {
                throw new InvalidInput("magnitudes", "must be exponents");
            }
            magnitudes.put(magnitude.getKey(), magnitude.getValue().intValue());
        }
        return magnitudes;
    }
}
