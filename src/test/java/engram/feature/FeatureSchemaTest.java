package engram.feature;

import static engram.feature.Json.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import engram.error.FieldError;
import engram.error.InvalidInput;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureSchemaTest {
    @Test
    void theDefaultsAreThoseOfTheRequirement() {
        FeatureSchema schema = FeatureSchema.defaults();
        assertThat(schema.inputs()).isEqualTo(512);
        assertThat(schema.declaredSlots()).isEqualTo(5 + 15 + 256);
        assertThat(schema.toJson()).isEqualTo(json("""
                                {"inputs":512,
                                 "numeric":{"health":{"min":0,"max":100},"energy":{"min":0,"max":100},
                                   "resources":{"min":0,"max":1000},"x_position":{"min":-500,"max":500},
                                   "y_position":{"min":-500,"max":500}},
                                 "categorical":{"agent_type":["harvester","explorer","defender","builder"],
                                   "status":["idle","active","sleeping","engaged"],
                                   "current_action":["move","gather","attack","defend","build","rest","none"]},
                                 "grid":{"field":"perception.grid","slots":256}}
                                """));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'inputs':512}",
                "{'inputs':40,'numeric':{'b':{'min':-0.5,'max':1.0e10},'a.x':{'min':0,'max':1}}}",
                "{'inputs':40,'categorical':{'z':['x','y'],'a':['']}}",
                "{'inputs':40,'grid':{'field':'view','slots':12,'shape':[3,4]}}",
                "{'inputs':4,'observation':{'low':[-4.8,null,-0.418,null],'high':[4.8,null,0.418,null]}}",
            })
    void whatItWritesItReadsBack(String text) {
        FeatureSchema schema = FeatureSchema.parse(json(text));
        assertThat(schema.toJson()).isEqualTo(json(text));
        assertThat(FeatureSchema.parse(schema.toJson())).isEqualTo(schema);
    }

    @Test
    void anEmptySchemaHasOnlyUndeclaredNumbers() {
        FeatureSchema schema = FeatureSchema.parse(json("{}"));
        assertThat(schema.inputs()).isEqualTo(512);
        assertThat(schema.declaredSlots()).isZero();
    }

    @Test
    void infiniteAndHugeBoundsAreNoBounds() {
        JsonNode schema = json("{'inputs':3,'observation':{'low':[-3.4028234663852886e38,null],'high':[3.4e38,7]}}");
        ((ArrayNode) schema.at("/observation/low")).add(Double.NEGATIVE_INFINITY);
        ((ArrayNode) schema.at("/observation/high")).add(Double.POSITIVE_INFINITY);
        assertThat(FeatureSchema.parse(schema).toJson())
                .isEqualTo(json("{'inputs':3,'observation':{'low':[null,null,null],'high':[null,7,null]}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    [] | ``
                    {'inputs':0} | inputs
                    {'inputs':4097} | inputs
                    {'inputs':'512'} | inputs
                    {'inputs':1.5} | inputs
                    {'input':512} | input
                    {'numeric':[]} | numeric
                    {'numeric':{'health':7}} | numeric.health
                    {'numeric':{'health':{'min':0}}} | numeric.health.max
                    {'numeric':{'health':{'min':'0','max':1}}} | numeric.health.min
                    {'numeric':{'health':{'min':1,'max':1}}} | numeric.health.max
                    {'numeric':{'health':{'min':0,'max':1e999}}} | numeric.health.max
                    {'numeric':{'health':{'min':-1e308,'max':1e308}}} | numeric.health.max
                    {'numeric':{'health':{'min':0,'max':1,'mean':0}}} | numeric.health.mean
                    {'numeric':{'':{'min':0,'max':1}}} | numeric.
                    {'categorical':{'status':'idle'}} | categorical.status
                    {'categorical':{'status':[]}} | categorical.status
                    {'categorical':{'status':['a','b','a']}} | categorical.status[2]
                    {'categorical':{'status':['a',null]}} | categorical.status[1]
                    {'grid':{'slots':4}} | grid.field
                    {'grid':{'field':'a..b','slots':4}} | grid.field
                    {'grid':{'field':'g'}} | grid.slots
                    {'grid':{'field':'g','slots':0}} | grid.slots
                    {'grid':{'field':'g','slots':4,'shape':[3,2]}} | grid.shape
                    {'grid':{'field':'g','slots':4,'rows':2}} | grid.rows
                    {'observation':{'low':[0]}} | observation.high
                    {'observation':{'low':[0],'high':[1,2]}} | observation.high
                    {'observation':{'low':[],'high':[]}} | observation.low
                    {'observation':{'low':[0,1],'high':[1,1]}} | observation.high[1]
                    {'observation':{'low':[true],'high':[1]}} | observation.low[0]
                    {'observation':{'low':[0],'high':[1]},'grid':{'field':'g','slots':4}} | observation
                    {'inputs':1,'observation':{'low':[0,0],'high':[1,1]}} | inputs
                    {'inputs':3,'categorical':{'status':['a','b','c','d']}} | inputs
                    {'numeric':{'a':{'min':0,'max':1}},'categorical':{'a':['x']}} | categorical.a
                    {'numeric':{'a':{'min':0,'max':1},'a.b':{'min':0,'max':1}}} | numeric.a.b
                    {'numeric':{'a\\\\b':{'min':0,'max':1}}} | numeric.a\\b
                    """)
    void whatIsWrongIsNamed(String text, String field) {
        InvalidInput error = catchThrowableOfType(InvalidInput.class, () -> FeatureSchema.parse(json(text)));
        assertThat(error).as(text).isNotNull();
        assertThat(error.errors()).extracting(FieldError::field).containsExactly(field);
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() {
        JsonNode schema = json("{'inputs':0.5,'numeric':{'a':{'min':2,'max':1},'b':1},'colour':1}");
        InvalidInput error = catchThrowableOfType(InvalidInput.class, () -> FeatureSchema.parse(schema));
        assertThat(error.errors())
                .extracting(FieldError::field)
                .containsExactly("colour", "inputs", "numeric.a.max", "numeric.b");
    }

    @Test
    void aSchemaIsNotChangedThroughTheJsonItCameFrom() {
        JsonNode schema = json("{'inputs':8,'categorical':{'status':['idle']}}");
        FeatureSchema parsed = FeatureSchema.parse(schema);
        ((ArrayNode) schema.at("/categorical/status")).add("active");
        assertThat(parsed.categorical().getFirst().values()).isEqualTo(List.of("idle"));
    }

    @Test
    void toJsonIsPlainJson() throws Exception {
        JsonNode written = FeatureSchema.defaults().toJson();
        ObjectMapper mapper = new ObjectMapper();
        assertThat(mapper.readTree(mapper.writeValueAsString(written))).isEqualTo(written);
        assertThat(JsonNodeFactory.instance.numberNode(100)).isEqualTo(written.at("/numeric/health/max"));
    }
}
