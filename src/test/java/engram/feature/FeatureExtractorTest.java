package engram.feature;

import static engram.feature.Json.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.feature.Remark.Kind;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureExtractorTest {
    private final FeatureExtractor extractor = new FeatureExtractor(FeatureSchema.defaults());

    @Test
    void anEmptyStateIsFiveHalvesAndZeros() {
        Features features = extractor.extract(json("{}"));
        float[] expected = new float[512];
        Arrays.fill(expected, 0, 5, 0.5f);
        assertThat(features.values()).isEqualTo(expected);
        assertThat(features.present()).isEqualTo(new boolean[512]);
        assertThat(features.remarks()).isEmpty();
    }

    @Test
    void everyKindOfFieldGoesWhereTheLayoutSays() {
        Features features = extractor.extract(json("""
                {"health":80,"energy":25.0,"resources":10,"x_position":-500,"y_position":500,
                 "agent_type":"builder","status":"idle","current_action":"none",
                 "perception":{"grid":[[0,1],[2,4]]},"fuel":3,"name":"B-7","target":null}
                """));
        float[] expected = new float[512];
        float[] numeric = {0.8f, 0.25f, 0.01f, 0, 1};
        System.arraycopy(numeric, 0, expected, 0, 5);
        expected[8] = 1;
        expected[9] = 1;
        expected[19] = 1;
        expected[21] = 0.25f;
        expected[22] = 0.5f;
        expected[23] = 1;
        expected[348] = 0.875f;
        assertThat(features.values()).isEqualTo(expected);
        assertThat(slots(features)).isEqualTo(bits(IntStream.concat(IntStream.range(0, 24), IntStream.of(348))));
        assertThat(features.remarks()).isEmpty();
    }

    @Test
    void undeclaredNumbersAreFoundAtAnyDepthAndBooleansAreNumbers() {
        Features nested = extractor.extract(json("{'a':{'b':[1,{'c':true}],'d':'x'},'perception':{'range':2}}"));
        assertThat(nested.undeclared()).containsExactly("a.b.0", "a.b.1.c", "perception.range");
        UndeclaredSlots slots = new UndeclaredSlots(276, 236);
        assertThat(nested.values()[slots.home("a.b.0")]).isEqualTo(0.75f);
        assertThat(nested.values()[slots.home("a.b.1.c")]).isEqualTo(0.75f);
        Features falsehood = extractor.extract(json("{'flag':false}"));
        assertThat(falsehood.values()[slots.home("flag")]).isEqualTo(0.5f);
        assertThat(falsehood.present()[slots.home("flag")]).isTrue();
    }

    @Test
    void aDotInsideAKeyIsNotAPath() {
        Features features = extractor.extract(json("{'a.b':1,'a':{'b':3},'a\\\\':{'b':7}}"));
        assertThat(features.undeclared()).containsExactly("a.b", "a\\.b", "a\\\\.b");
        Features grid = extractor.extract(json("{'perception.grid':[1,2]}"));
        assertThat(grid.undeclared()).containsExactly("perception\\.grid.0", "perception\\.grid.1");
        FeatureExtractor dotted = new FeatureExtractor(
                FeatureSchema.parse(json("{'inputs':8,'numeric':{'a\\\\.b':{'min':0,'max':10}}}")));
        assertThat(dotted.extract(json("{'a.b':10}")).values()[0]).isEqualTo(1);
        assertThat(dotted.extract(json("{'a':{'b':10}}")).present()[0]).isFalse();
    }

    @Test
    void declaredFieldsMayLieInsideObjectsAndArrays() {
        FeatureExtractor nested = new FeatureExtractor(FeatureSchema.parse(
                json("{'inputs':8,'numeric':{" + "'body.pose.x':{'min':0,'max':10},'joints.1':{'min':0,'max':4}}}")));
        Features features = nested.extract(json("{'body':{'pose':{'x':5}},'joints':[7,1]}"));
        assertThat(features.values()).startsWith(0.5f, 0.25f);
        assertThat(features.undeclared()).containsExactly("joints.0");
    }

    @Test
    void whatIsNotTakenAsItIsIsReported() {
        Features features = extractor.extract(
                json("{'speed':1,'noise':2,'health':150,'status':'lost','perception':{'grid':[[-3,1],[0,-1]]}}"));
        assertThat(features.remarks())
                .containsExactly(
                        new Remark(Kind.CLIPPED, "health", 0, "150.0 is outside 0.0 to 100.0 and counts as 100.0"),
                        new Remark(
                                Kind.UNKNOWN_CATEGORY,
                                "status",
                                9,
                                "'lost' is none of [idle, active, sleeping, engaged]"),
                        new Remark(Kind.CLIPPED, "perception.grid", 20, "2 negative cells count as 0"),
                        new Remark(Kind.MOVED, "speed", 277, "sits in slot 277, its own slot 276 is taken"));
        assertThat(features.values()[0]).isEqualTo(1);
        assertThat(Arrays.copyOfRange(features.values(), 9, 13)).containsOnly(0);
        assertThat(Arrays.copyOfRange(features.values(), 20, 24)).containsExactly(0, 1, 0, 0);
        assertThat(features.values()[277]).isEqualTo(0.75f);
    }

    @Test
    void aNullIsAbsent() {
        assertThat(extractor.extract(json("{'health':null,'status':null,'perception':{'grid':null}}")))
                .isEqualTo(extractor.extract(json("{}")));
    }

    @Test
    void perceptionMayBeTheGridItselfAndAGridMayBeFlat() {
        Features expected = extractor.extract(json("{'perception':{'grid':[[0,1],[2,4]]}}"));
        assertThat(extractor.extract(json("{'perception':[[0,1],[2,4]]}"))).isEqualTo(expected);
        assertThat(extractor.extract(json("{'perception':{'grid':[0,1,2,4]}}"))).isEqualTo(expected);
        assertThat(extractor.extract(json("{'perception':[]}"))).isEqualTo(extractor.extract(json("{}")));
    }

    @Test
    void anArrayOfNumbersIsAState() {
        Features features = extractor.extract(json("[1,[2,'x'],{'a':3}]"));
        assertThat(features.undeclared()).containsExactly("[0]", "[1].0", "[2].a");
        assertThat(features.values()[464]).isEqualTo(0.75f);
    }

    @Test
    void anObservationIsScaledByItsBoundsOrSquashedWithout() {
        FeatureExtractor observing = observing();
        Features features = observing.extract(json("[1.2,-3,7]"));
        assertThat(features.values()).containsExactly(0.75f, 0.125f, 0.9375f, 0, 0, 0);
        assertThat(slots(features)).isEqualTo(bits(IntStream.range(0, 3)));
        assertThat(observing.extract(json("{'observation':[1.2,-3,7]}"))).isEqualTo(features);
        assertThat(observing.extract(json("[3,0,0]")).remarks())
                .containsExactly(new Remark(Kind.CLIPPED, "[0]", 0, "3.0 is outside -2.4 to 2.4 and counts as 2.4"));
        assertThat(observing.extract(json("[2.400000095,0,0]")).remarks()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    [1,2] | ``
                    [1,2,3,4] | ``
                    7 | ``
                    [1,'2',3] | [1]
                    [1,2,null] | [2]
                    [1,2,1e999] | [2]
                    {'observation':[1,2]} | observation
                    {'observation':[1,2,true]} | observation[2]
                    {'observation':7} | observation
                    {'observation':[1,2,3],'fuel':1} | fuel
                    {'health':7} | health
                    """)
    void aWrongObservationIsNamed(String state, String field) {
        assertThat(fieldOf(observing(), json(state))).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    7 | ``
                    'text' | ``
                    null | ``
                    {'health':'80'} | health
                    {'health':true} | health
                    {'health':[1]} | health
                    {'health':1e999} | health
                    {'status':1} | status
                    {'status':{}} | status
                    {'fuel':1e999} | fuel
                    {'a':{'b':[0,-1e999]}} | a.b.1
                    {'perception':{'grid':7}} | perception.grid
                    {'perception':{'grid':[[1,2],[3]]}} | perception.grid[1]
                    {'perception':{'grid':[[1,2],3]}} | perception.grid[1]
                    {'perception':{'grid':[1,[2]]}} | perception.grid[1]
                    {'perception':{'grid':[[1,2],[3,'x']]}} | perception.grid[1][1]
                    {'perception':[[1,2],[3,null]]} | perception[1][1]
                    {'perception':[1,1e999]} | perception[1]
                    """)
    void aWrongFieldIsNamed(String state, String field) {
        assertThat(fieldOf(extractor, json(state))).isEqualTo(field);
    }

    @Test
    void numbersThatAreNoneAreRefusedInTreesBuiltByCode() {
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            ObjectNode state = JsonNodeFactory.instance.objectNode();
            assertThat(fieldOf(extractor, state.deepCopy().put("health", number)))
                    .isEqualTo("health");
            assertThat(fieldOf(extractor, state.deepCopy().put("fuel", number))).isEqualTo("fuel");
        }
    }

    @Test
    void aGridLargerThanItsRegionIsRefusedWithTheSetting() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        IntStream.range(0, 257).forEach(i -> state.withArray("/perception/grid").add(i));
        InvalidInput error = catchThrowableOfType(InvalidInput.class, () -> extractor.extract(state));
        assertThat(error).hasMessage("perception.grid: has 257 cells and does not fit: the schema's grid.slots is 256");
    }

    @Test
    void aGridOfAnotherShapeThanDeclaredIsRefused() {
        FeatureExtractor shaped = new FeatureExtractor(
                FeatureSchema.parse(json("{'inputs':8,'grid':{'field':'view','slots':6,'shape':[2,3]}}")));
        assertThat(shaped.extract(json("{'view':[[1,2,3],[4,5,6]]}")).values()[5])
                .isEqualTo(1);
        assertThat(fieldOf(shaped, json("{'view':[[1,2],[3,4],[5,6]]}"))).isEqualTo("view");
    }

    @Test
    void aStateThatDoesNotFitIsRefusedAndOneThatJustFitsIsNot() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        IntStream.range(0, 236).forEach(i -> state.put("n" + i, i));
        Features full = extractor.extract(state);
        assertThat(slots(full).get(276, 512).cardinality()).isEqualTo(236);
        state.put("straw", 1);
        InvalidInput error = catchThrowableOfType(InvalidInput.class, () -> extractor.extract(state));
        assertThat(error)
                .hasMessage("straw: the state does not fit its 512 inputs: the declared fields leave 236 for undeclared"
                        + " numbers, and this one is one too many");
    }

    @Test
    void nestingIsBounded() {
        String open = "{'a':".repeat(31);
        String close = "}".repeat(31);
        assertThat(extractor.extract(json(open + "[1]" + close)).undeclared()).hasSize(1);
        assertThat(fieldOf(extractor, json(open + "[[1]]" + close))).endsWith("a.a.0");
        FeatureExtractor flat = new FeatureExtractor(FeatureSchema.defaults(), 1);
        assertThat(flat.extract(json("{'a':1}")).undeclared()).containsExactly("a");
        assertThat(fieldOf(flat, json("{'a':{}}"))).isEqualTo("a");
    }

    @Test
    void anActionIsAStateOfItsParts() {
        JsonNode action = json("{'action_type':'gather','action_params':{'target':3},'context':{'health':9},"
                + "'outcome':{'success':true,'gain':{'wood':2}},'reward':0.5}");
        assertThat(extractor.extractAction(action, null))
                .isEqualTo(extractor.extract(json("{'current_action':'gather','param_target':3,'context_health':9,"
                        + "'outcome_success':true,'outcome_gain':{'wood':2},'reward':0.5}")));
        assertThat(extractor.extractAction(json("{'action_type':'rest','outcome':4,'context':null}"), null))
                .isEqualTo(extractor.extract(json("{'current_action':'rest','outcome':4}")));
        assertThat(extractor.extractAction(json("'attack'"), null).values()[15]).isEqualTo(1);
        assertThat(extractor.extractAction(json("[0.5,1]"), null).undeclared()).containsExactly("action.0", "action.1");
    }

    @Test
    void anActionInAStateWinsOverIt() {
        assertThat(extractor.extractAction(
                        json("{'action_type':'build','action_params':{'x':1}}"),
                        json("{'health':10,'current_action':'rest','param_x':5}")))
                .isEqualTo(extractor.extract(json("{'health':10,'current_action':'build','param_x':1}")));
        assertThat(extractor.extractAction(json("2"), json("[1]")).undeclared()).containsExactly("[0]", "action");
        Features observed = observing().extractAction(json("'left'"), json("[0,0,0]"));
        assertThat(observed.values()[0]).isEqualTo(0.5f);
        assertThat(observed.remarks()).extracting(Remark::kind).containsExactly(Kind.UNKNOWN_CATEGORY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    null | ``
                    {'action_type':7} | action_type
                    {'action_params':{'x':1e999}} | param_x
                    """)
    void aWrongActionIsNamed(String action, String field) {
        InvalidInput error =
                catchThrowableOfType(InvalidInput.class, () -> extractor.extractAction(json(action), null));
        assertThat(error.errors()).extracting(FieldError::field).containsExactly(field);
    }

    @Test
    void extractingLeavesTheStateAndTheNextFeaturesAlone() {
        JsonNode state = json("{'health':10,'current_action':'rest'}");
        extractor.extractAction(json("'move'"), state);
        assertThat(state).isEqualTo(json("{'health':10,'current_action':'rest'}"));
        Arrays.fill(extractor.extract(state).values(), 7);
        assertThat(extractor.extract(state).values()[0]).isEqualTo(0.1f);
    }

    private static FeatureExtractor observing() {
        return new FeatureExtractor(FeatureSchema.parse(
                json("{'inputs':6,'observation':{'low':[-2.4,null,-3.4e38],'high':[2.4,null,3.4e38]}}")));
    }

    private static String fieldOf(FeatureExtractor extractor, JsonNode state) {
        InvalidInput error = catchThrowableOfType(InvalidInput.class, () -> extractor.extract(state));
        assertThat(error).as("%s", state).isNotNull();
        return error.errors().getFirst().field();
    }

    private static BitSet slots(Features features) {
        return bits(IntStream.range(0, features.present().length).filter(i -> features.present()[i]));
    }

    private static BitSet bits(IntStream slots) {
        return slots.collect(BitSet::new, BitSet::set, BitSet::or);
    }
}
