package engram.memory.redis;

import com.fasterxml.jackson.databind.JsonNode;
import engram.memory.FilterEvaluation;
import engram.memory.Memory;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * What filters look at in a memory: words for texts, flags and what is there, and numbers by place. What would make an
 * index heavy (long arrays, very many members) is marked instead, and then told by comparing.
 */
final class SearchableContent {
    /** Beyond this, a whole number is not told from its neighbours by a double. */
    static final long EXACT = 1L << 53;

    private static final int MOST_VALUES = 200;
    private static final int LONGEST_ARRAY = 16;

    private final Set<String> tokens = new LinkedHashSet<>();
    private final Map<String, Double> numbers = new LinkedHashMap<>();
    private String root = "";
    private int values;

    static SearchableContent of(Memory memory) {
        SearchableContent content = new SearchableContent();
        content.tokens.add(Tokens.agent(memory.agent()));
        content.tokens.add(Tokens.kind(memory.kind().jsonName()));
        content.addRoot(Places.PAYLOAD, memory.payload().tree());
        content.addRoot(Places.TAGS, memory.tags().tree());
        return content;
    }

    /** Places that have a number. */
    Set<String> numberPlaces() {
        return numbers.keySet();
    }

    /**
     * The fields of the hash.
     *
     * @param numberFields gives the field of a place, 0 if it has none
     */
    Map<String, String> fields(ToIntFunction<String> numberFields) {
        Map<String, String> fields = new LinkedHashMap<>();
        Set<String> words = new LinkedHashSet<>(tokens);
        numbers.forEach((place, number) -> {
            int field = numberFields.applyAsInt(place);
            if (field == 0) {
                words.add(Tokens.unindexed(place));
            } else {
                fields.put(IndexSchema.number(field), Double.toString(number));
            }
        });
        fields.put(IndexSchema.TOKENS, String.join(",", words));
        return fields;
    }

    private void addRoot(String place, JsonNode object) {
        root = place;
        values = 0;
        addMembers(object, place, 0);
    }

    private void addMembers(JsonNode object, String place, int depth) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!member.getValue().isNull()) {
                add(member.getValue(), Places.child(place, member.getKey()), depth + 1);
            }
        }
    }

    private void add(JsonNode node, String place, int depth) {
        if (++values > MOST_VALUES || !Places.isIndexed(depth, place)) {
            tokens.add(Tokens.OVERFLOW);
            return;
        }
        List<JsonNode> scalars = FilterEvaluation.scalars(node);
        if (root.equals(Places.PAYLOAD) || !scalars.isEmpty()) {
            tokens.add(Tokens.present(place));
        }
        if (node.isObject()) {
            addMembers(node, place, depth);
        } else if (node.isArray() && node.size() > LONGEST_ARRAY) {
            tokens.add(Tokens.unindexed(place));
        } else {
            scalars.forEach(scalar -> addScalar(scalar, place));
        }
    }

    private void addScalar(JsonNode scalar, String place) {
        if (scalar.isTextual()) {
            tokens.add(Tokens.text(place, scalar.textValue()));
        } else if (scalar.isBoolean()) {
            tokens.add(Tokens.flag(place, scalar.booleanValue()));
        } else if (!isExact(scalar) || numbers.putIfAbsent(place, scalar.doubleValue() + 0.0) != null) {
            // A field of a hash holds one number.
            tokens.add(Tokens.unindexed(place));
        }
    }

    private static boolean isExact(JsonNode scalar) {
        if (!scalar.isNumber() || !Double.isFinite(scalar.doubleValue())) {
            return false;
        }
        if (!scalar.isIntegralNumber()) {
            return scalar.isDouble() || scalar.isFloat();
        }
        return scalar.canConvertToLong() && scalar.longValue() < EXACT && scalar.longValue() > -EXACT;
    }
}
