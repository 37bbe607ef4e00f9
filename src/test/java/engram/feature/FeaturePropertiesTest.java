package engram.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.feature.Remark.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FeaturePropertiesTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private final FeatureExtractor extractor = new FeatureExtractor(FeatureSchema.defaults());

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void everyFeatureIsBetweenZeroAndOneAndZeroOrHalfWhereAbsent(@ForAll("states") JsonNode state) {
        Features features = extractor.extract(state);
        assertThat(features.values()).hasSize(512);
        for (int i = 0; i < 512; i++) {
            float value = features.values()[i];
            if (features.present()[i] ? !(value >= 0 && value <= 1) : value != (i < 5 ? 0.5f : 0f)) {
                fail("slot %d is %s", i, value);
            }
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void theOrderOfKeysDoesNotMatter(@ForAll("states") JsonNode state, @ForAll Random random) {
        assertThat(extractor.extract(shuffled(state, random))).isEqualTo(extractor.extract(state.deepCopy()));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void everyUndeclaredNumberIsInItsOwnSlotOrReportedInAnother(@ForAll("states") JsonNode state) {
        Features features = extractor.extract(state);
        UndeclaredSlots slots = new UndeclaredSlots(276, 236);
        Map<String, Integer> moved = features.remarks().stream()
                .filter(remark -> remark.kind() == Kind.MOVED)
                .collect(Collectors.toMap(Remark::field, Remark::slot));
        Set<Integer> taken = new HashSet<>();
        for (String name : features.undeclared()) {
            int slot = moved.getOrDefault(name, slots.home(name));
            assertThat(taken.add(slot)).as(name).isTrue();
            assertThat(features.present()[slot]).isTrue();
            double value = numberAt(state, FieldPath.split(name));
            assertThat(features.values()[slot]).isEqualTo(Scaling.squash(value));
        }
        assertThat(taken).hasSize(numbers(state));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void reconstructedFeaturesAreTheSameFeatures(@ForAll("states") JsonNode state) {
        Features features = extractor.extract(state);
        JsonNode again = extractor.reconstruct(features.values(), extractor.outline(features));
        float[] back = extractor.extract(again).values();
        for (int i = 0; i < back.length; i++) {
            if (!(Math.abs(back[i] - features.values()[i]) <= 1e-6f)) {
                fail("slot %d is %s, was %s: %s", i, back[i], features.values()[i], again);
            }
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void declaredFieldsAreReconstructedWithinAFloatOfTheirRange(@ForAll("states") JsonNode state) {
        JsonNode again = extractor.reconstruct(extractor.extract(state).values());
        for (FeatureSchema.Numeric field : extractor.schema().numeric()) {
            if (state.has(field.field())) {
                double expected = Math.clamp(state.get(field.field()).doubleValue(), field.min(), field.max());
                assertThat(again.get(field.field()).doubleValue())
                        .isCloseTo(expected, within((field.max() - field.min()) * 1e-6));
            }
        }
        for (FeatureSchema.Categorical field : extractor.schema().categorical()) {
            String value = state.path(field.field()).asText();
            assertThat(again.path(field.field()).textValue())
                    .isEqualTo(field.values().contains(value) ? value : null);
        }
    }

    @Property
    void aPathIsItsKeys(@ForAll List<String> keys) {
        String path = keys.stream().map(FieldPath::escape).collect(Collectors.joining("."));
        assertThat(FieldPath.split(path)).isEqualTo(keys.isEmpty() ? List.of("") : keys);
    }

    @Provide
    Arbitrary<JsonNode> states() {
        Arbitrary<Double> numbers = Arbitraries.oneOf(
                Arbitraries.doubles().between(-1000, 1000),
                Arbitraries.doubles(),
                Arbitraries.of(0.0, -0.0, 1e-320, Double.MAX_VALUE, -Double.MAX_VALUE),
                Arbitraries.integers().between(-3, 150).map(Integer::doubleValue));
        Arbitrary<JsonNode> leaves = Arbitraries.oneOf(
                numbers.map(JSON::numberNode),
                Arbitraries.longs().map(JSON::numberNode),
                Arbitraries.of(true, false).map(JSON::booleanNode),
                Arbitraries.strings().ofMaxLength(5).map(JSON::textNode));
        Arbitrary<String> keys = Arbitraries.oneOf(
                Arbitraries.strings().withChars("ab.\\0[]é").ofMaxLength(3),
                Arbitraries.integers().between(0, 400).map(i -> "n" + i),
                Arbitraries.of("perception", "speed", "noise", "heat", "morale"));
        Arbitrary<JsonNode> values = Arbitraries.lazyOf(
                () -> leaves,
                () -> leaves,
                () -> leaves,
                () -> object(keys, nested(keys, leaves)),
                () -> nested(keys, leaves).list().ofMaxSize(4).map(FeaturePropertiesTest::array));
        Arbitrary<Map<String, Double>> numeric =
                Arbitraries.maps(Arbitraries.of("health", "energy", "resources", "x_position", "y_position"), numbers);
        Arbitrary<Map<String, String>> categorical = Arbitraries.maps(
                Arbitraries.of("agent_type", "status", "current_action"),
                Arbitraries.of("builder", "idle", "active", "rest", "none", "unheard-of"));
        Arbitrary<List<List<Double>>> grids = Arbitraries.integers()
                .between(0, 5)
                .flatMap(columns -> numbers.list().ofSize(columns).list().ofMaxSize(5));
        return Combinators.combine(
                        object(keys.filter(key -> !key.equals("perception")), values), numeric, categorical, grids)
                .as((other, numbersByName, categories, grid) -> {
                    ObjectNode state = (ObjectNode) other;
                    numbersByName.forEach(state::put);
                    categories.forEach(state::put);
                    ArrayNode rows = state.putObject("perception").putArray("grid");
                    grid.forEach(row -> row.forEach(rows.addArray()::add));
                    return state;
                });
    }

    private static Arbitrary<JsonNode> nested(Arbitrary<String> keys, Arbitrary<JsonNode> leaves) {
        return Arbitraries.oneOf(leaves, object(keys, leaves));
    }

    private static Arbitrary<JsonNode> object(Arbitrary<String> keys, Arbitrary<JsonNode> values) {
        return Arbitraries.maps(keys, values).ofMaxSize(12).map(fields -> JSON.objectNode()
                .setAll(fields));
    }

    private static JsonNode array(List<JsonNode> elements) {
        return JSON.arrayNode().addAll(elements);
    }

    private static JsonNode shuffled(JsonNode value, Random random) {
        if (!value.isObject()) {
            return value;
        }
        List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(value.properties());
        Collections.shuffle(fields, random);
        ObjectNode result = JSON.objectNode();
        fields.forEach(field -> result.set(field.getKey(), shuffled(field.getValue(), random)));
        return result;
    }

    private static double numberAt(JsonNode state, List<String> keys) {
        JsonNode node = state;
        for (String key : keys) {
            node = node.isArray() ? node.get(Integer.parseInt(key)) : node.get(key);
        }
        return node.isBoolean() ? (node.booleanValue() ? 1 : 0) : node.doubleValue();
    }

    /** How many undeclared numbers there are, counted without the extractor. */
    private int numbers(JsonNode state) {
        ObjectNode undeclared = ((ObjectNode) state).deepCopy();
        extractor.schema().numeric().forEach(field -> undeclared.remove(field.field()));
        undeclared.remove("perception");
        return leaves(undeclared);
    }

    private static int leaves(JsonNode value) {
        int count = value.isNumber() || value.isBoolean() ? 1 : 0;
        for (JsonNode inner : value) {
            count += leaves(inner);
        }
        return count;
    }
}
