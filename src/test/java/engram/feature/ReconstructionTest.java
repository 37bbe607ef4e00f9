package engram.feature;

import static engram.feature.Json.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.InvalidInput;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReconstructionTest {
    private static final SortedMap<String, Integer> NONE = Collections.emptySortedMap();

    private final FeatureExtractor extractor = new FeatureExtractor(FeatureSchema.defaults());

    @Test
    void withItsOutlineAStateComesBackWithItsFieldsAndShapes() {
        JsonNode state = json("{'health':80,'status':'active','perception':{'grid':[[0,1],[2,4]]},"
                + "'fuel':3,'speed':1,'noise':-2,'pose':{'x':0.25,'path':[1,2,3]},'a.b':7,'name':'B-7'}");
        Features features = extractor.extract(state);
        assertThat(extractor
                        .reconstruct(features.values(), extractor.outline(features))
                        .toString())
                .isEqualTo(json("{'health':80.0,'status':'active','perception':{'grid':[[0.0,0.25],[0.5,1.0]]},"
                                + "'a.b':7.0,'fuel':3.0,'noise':-2.0,'pose':{'path':[1.0,2.0,3.0],'x':0.25},'speed':1.0}")
                        .toString());
    }

    @Test
    void withoutAnOutlineItHasTheDeclaredFields() {
        Features features = extractor.extract(json("{'health':80,'x_position':-20,'status':'active','fuel':3}"));
        assertThat(extractor.reconstruct(features.values()).toString())
                .isEqualTo(json("{'health':80.0,'energy':50.0,'resources':500.0,'x_position':-20.0,'y_position':0.0,"
                                + "'status':'active'}")
                        .toString());
    }

    @Test
    void anOutlineKnowsThatACategoryWasThereHoweverFaint() {
        float[] faint = extractor.extract(json("{'status':'active'}")).values();
        faint[10] = 0.2f;
        Outline outline = extractor.outline(extractor.extract(json("{'status':'idle','agent_type':'ghost'}")));
        assertThat(outline.fields()).containsExactly("status");
        assertThat(extractor.reconstruct(faint, outline)).isEqualTo(json("{'status':'active'}"));
    }

    @Test
    void aDeclaredShapeBringsTheGridBack() {
        FeatureExtractor shaped = new FeatureExtractor(
                FeatureSchema.parse(json("{'inputs':8,'grid':{'field':'view','slots':6,'shape':[2,2]}}")));
        assertThat(shaped.reconstruct(new float[] {0, 0.5f, 1, 0.25f, 0, 0, 0, 0})
                        .toString())
                .isEqualTo("{\"view\":[[0.0,0.5],[1.0,0.25]]}");
    }

    @Test
    void anArrayComesBackAsAnArray() {
        Features features = extractor.extract(json("[1,2,3,4,5,6,7,8,9,10,11]"));
        assertThat(extractor
                        .reconstruct(features.values(), extractor.outline(features))
                        .toString())
                .isEqualTo("[1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0,9.0,10.0,11.0]");
        FeatureExtractor observing = new FeatureExtractor(
                FeatureSchema.parse(json("{'inputs':4,'observation':{'low':[-2.4,null],'high':[2.4,null]}}")));
        assertThat(observing.reconstruct(new float[] {0.75f, 0.125f, 1, 1}).toString())
                .isEqualTo("[1.2,-3.0]");
    }

    @Test
    void valuesBeyondTheUnitRangeCountAsItsBounds() {
        float[] features = new float[512];
        features[0] = 1.3f;
        features[1] = -0.2f;
        features[348] = 2;
        Outline outline = new Outline(new TreeSet<>(List.of("health", "energy", "fuel")), List.of(), NONE);
        JsonNode state = extractor.reconstruct(features, outline);
        assertThat(state.get("health").doubleValue()).isEqualTo(100);
        assertThat(state.get("energy").doubleValue()).isEqualTo(0);
        assertThat(state.get("fuel").doubleValue()).isBetween(1e7, 1e8);
        assertThat(features[0]).isEqualTo(1.3f);
    }

    @Test
    void undeclaredNumbersKeepTheirMagnitudeUnderCoarseFeatures() {
        Features features = extractor.extract(json("{'fuel':3.4,'depth':-2000,'heat':0,'flag':true}"));
        Outline outline = Outline.parse(extractor.outline(features).toJson());
        for (float error : new float[] {0.3f, -0.3f, 0.01f, -0.01f}) {
            float[] coarse = features.values().clone();
            for (int i = 0; i < coarse.length; i++) {
                coarse[i] += error;
            }
            JsonNode state = extractor.reconstruct(coarse, outline);
            assertThat(Math.abs(state.get("fuel").doubleValue())).isBetween(2.0, 4.0);
            assertThat(Math.abs(state.get("depth").doubleValue())).isBetween(1_024.0, 2_048.0);
            assertThat(state.get("heat").doubleValue()).isZero();
            assertThat(Math.abs(state.get("flag").doubleValue())).isBetween(1.0, 2.0);
        }
        assertThat(extractor
                        .reconstruct(features.values(), outline)
                        .get("depth")
                        .doubleValue())
                .isCloseTo(-2_000, within(1.0));
    }

    @Test
    void featuresOfAnotherLengthOrWithoutAValueAreRefused() {
        assertThatExceptionOfType(InvalidInput.class)
                .isThrownBy(() -> extractor.reconstruct(new float[511]))
                .withMessageContaining("features: must be 512 numbers, are 511");
        float[] features = new float[512];
        features[7] = Float.NaN;
        assertThatExceptionOfType(InvalidInput.class)
                .isThrownBy(() -> extractor.reconstruct(features))
                .withMessageContaining("features[7]");
    }

    @Test
    void anOutlineThatDoesNotFitIsRefused() {
        float[] features = new float[512];
        assertThatExceptionOfType(InvalidInput.class)
                .isThrownBy(() ->
                        extractor.reconstruct(features, new Outline(new TreeSet<>(), List.of(100_000, 100_000), NONE)));
        TreeSet<String> names = new TreeSet<>();
        for (int i = 0; i < 237; i++) {
            names.add("n" + i);
        }
        assertThatExceptionOfType(InvalidInput.class)
                .isThrownBy(() -> extractor.reconstruct(features, new Outline(names, List.of(), NONE)));
    }

    @Test
    void anOutlineIsReadBackAsWritten() {
        Outline outline = new Outline(
                new TreeSet<>(List.of("health", "a\\.b")), List.of(5, 4), new TreeMap<>(Map.of("a\\.b", -3)));
        assertThat(outline.toJson())
                .isEqualTo(json("{'fields':['a\\\\.b','health'],'grid':[5,4],'magnitudes':{'a\\\\.b':-3}}"));
        assertThat(Outline.parse(outline.toJson())).isEqualTo(outline);
        Outline empty = new Outline(new TreeSet<>(), List.of(), NONE);
        assertThat(Outline.parse(empty.toJson())).isEqualTo(empty);
        TreeSet<String> backwards = new TreeSet<>(Comparator.reverseOrder());
        backwards.addAll(List.of("heat", "morale"));
        assertThat(new Outline(backwards, List.of(), NONE).fields()).containsExactly("heat", "morale");
        for (String wrong : List.of(
                "[]",
                "{}",
                "{'fields':'health'}",
                "{'names':[]}",
                "{'fields':[1]}",
                "{'fields':[],'grid':[1,2,3]}",
                "{'fields':[],'grid':[0]}",
                "{'fields':[],'magnitudes':{'a':0.5}}")) {
            assertThatExceptionOfType(InvalidInput.class).as(wrong).isThrownBy(() -> Outline.parse(json(wrong)));
        }
    }

    @Test
    void declaredKeepsJustTheDeclaredNumbersAndCategoriesAsTheyAre() {
        JsonNode state = json("{'status':'lost','health':150,'energy':'?','fuel':3,'perception':{'grid':[1]}}");
        assertThat(extractor.declared(state)).isEqualTo(json("{'health':150,'status':'lost'}"));
        FeatureExtractor nested = new FeatureExtractor(FeatureSchema.parse(json("{'inputs':8,'numeric':{"
                + "'body.x':{'min':0,'max':10},'joints.1':{'min':0,'max':4},'k\\\\.x':{'min':0,'max':1}}}")));
        JsonNode part = nested.declared(json("{'body':{'x':5,'y':6},'joints':[7,1],'k.x':1,'other':{}}"));
        assertThat(part).isEqualTo(json("{'body':{'x':5},'joints':{'1':1},'k.x':1}"));
        assertThat(Arrays.copyOf(nested.extract(part).values(), 3)).containsExactly(0.5f, 0.25f, 1);
        assertThat(nested.declared(json("[1,2]"))).isEqualTo(json("{}"));
    }
}
