package engram.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import engram.error.FieldError;
import engram.error.InvalidInput;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterParserTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final FilterParser parser = new FilterParser(FilterLimits.defaults());

    @Test
    void readsEveryOperator() {
        assertThat(parse("{'field':'agent','eq':'a1'}"))
                .isEqualTo(new Filter.In(new Filter.Field.Agent(), List.of(TextNode.valueOf("a1"))));
        assertThat(parse("{'field':'tags.colour.deep','in':['red',1,2.5,true]}"))
                .isEqualTo(new Filter.In(
                        new Filter.Field.Tag("colour.deep"),
                        List.of(
                                TextNode.valueOf("red"),
                                LongNode.valueOf(1),
                                DoubleNode.valueOf(2.5),
                                BooleanNode.TRUE)));
        assertThat(parse("{'field':'step','gt':3}"))
                .isEqualTo(new Filter.Range(new Filter.Field.Step(), 3, false, Double.POSITIVE_INFINITY, true));
        assertThat(parse("{'field':'step','gte':3,'lt':7}"))
                .isEqualTo(new Filter.Range(new Filter.Field.Step(), 3, true, 7, false));
        assertThat(parse("{'field':'payload.text','contains':'Gold','ignoreCase':true}"))
                .isEqualTo(new Filter.Contains(new Filter.Field.PayloadPath(List.of("text")), "Gold", true));
        assertThat(parse("{'field':'step','exists':false}"))
                .isEqualTo(new Filter.Not(new Filter.Exists(new Filter.Field.Step())));
        assertThat(parse("{'and':[]}")).isEqualTo(Filter.ALL);
        assertThat(parse("{'or':[{'not':{'field':'step','exists':true}},{'field':'step','lte':-1}]}"))
                .isEqualTo(new Filter.Or(List.of(
                        new Filter.Not(new Filter.Exists(new Filter.Field.Step())),
                        new Filter.Range(new Filter.Field.Step(), Double.NEGATIVE_INFINITY, true, -1, true))));
    }

    @Test
    void kindsAndTiersAreReadWithoutRegardToCase() {
        assertThat(parse("{'field':'tier','in':['stm','Im']}"))
                .isEqualTo(new Filter.In(
                        new Filter.Field.Tier(), List.of(TextNode.valueOf("STM"), TextNode.valueOf("IM"))));
        assertThat(parse("{'field':'kind','eq':'STATE'}"))
                .isEqualTo(new Filter.In(new Filter.Field.Kind(), List.of(TextNode.valueOf("state"))));
    }

    @Test
    void aPayloadPathThatNamesNoMemberIsOneOfTheState() {
        assertThat(field("payload.health")).isEqualTo(new Filter.Field.PayloadPath(List.of("state", "health")));
        assertThat(field("payload.state.health")).isEqualTo(field("payload.health"));
        assertThat(field("payload.action.action_type"))
                .isEqualTo(new Filter.Field.PayloadPath(List.of("action", "action_type")));
        assertThat(field("payload.position\\.x"))
                .isEqualTo(new Filter.Field.PayloadPath(List.of("state", "position.x")));
    }

    @Test
    void timesAreCutToMillisecondsWithoutChangingWhatTheySelect() {
        String between = "2026-01-01T00:00:00.0005Z";
        Instant before = Instant.parse("2026-01-01T00:00:00Z");
        Instant after = before.plusMillis(1);
        assertThat(selects("{'field':'time','gte':'" + between + "'}", before, after))
                .containsExactly(after);
        assertThat(selects("{'field':'time','gt':'" + between + "'}", before, after))
                .containsExactly(after);
        assertThat(selects("{'field':'time','lt':'" + between + "'}", before, after))
                .containsExactly(before);
        assertThat(selects("{'field':'time','lte':'" + between + "'}", before, after))
                .containsExactly(before);
        assertThat(selects("{'field':'time','gt':'2026-01-01T01:00:00+01:00'}", before, after))
                .containsExactly(after);
        assertThat(selects("{'field':'time','eq':'2026-01-01T01:00:00+01:00'}", before, after))
                .containsExactly(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | filter | is a JSON object",
                "null | filter | is a JSON object",
                "{} | filter | exactly one of",
                "{'and':[],'or':[]} | filter | exactly one of",
                "{'adn':[]} | filter.adn | did you mean 'and'?",
                "{'and':{}} | filter.and | is an array",
                "{'and':[{'field':'step','gt':1},{'field':'step','gt':'x'}]} | filter.and[1].gt | finite number",
                "{'not':{'or':[{'field':'agnet','eq':'a'}]}} | filter.not.or[0].field | did you mean 'agent'?",
                "{'field':'agent','equals':'a'} | filter.equals | is no operator; known are eq",
                "{'field':'step','gte':1,'grt':2} | filter.grt | did you mean 'gt'?",
                "{'field':'agent'} | filter | needs an operator",
                "{'eq':'a'} | filter.eq | needs a \"field\"",
                "{'field':'agent','eq':'a','in':['b']} | filter | one operator",
                "{'field':'step','gt':1,'gte':2} | filter | one operator",
                "{'field':'step','gt':1,'lt':2,'eq':3} | filter | one operator",
                "{'field':'step','gt':1,'ignoreCase':true} | filter.ignoreCase | contains only",
                "{'field':'agent','contains':'a','ignoreCase':1} | filter.ignoreCase | true or false",
                "{'field':'agent','contains':''} | filter.contains | at least one character",
                "{'field':'tier','contains':'S'} | filter.contains | eq or in",
                "{'field':'agent','gt':'a'} | filter.gt | no order",
                "{'field':'tier','eq':'MTS'} | filter.eq | is no tier",
                "{'field':'kind','in':['state','stat']} | filter.in[1] | did you mean 'state'?",
                "{'field':'kind','eq':7} | filter.eq | text in quotes",
                "{'field':'step','eq':1.5} | filter.eq | whole number",
                "{'field':'step','eq':99999999999999999999} | filter.eq | whole number",
                "{'field':'step','gt':1e999} | filter.gt | finite number",
                "{'field':'tags.x','eq':1e999} | filter.eq | finite number",
                "{'field':'tags.x','eq':null} | filter.eq | exists",
                "{'field':'tags.x','eq':{}} | filter.eq | is a text, a number",
                "{'field':'tags.x','in':'a'} | filter.in | is an array",
                "{'field':'time','gt':17} | filter.gt | text in quotes",
                "{'field':'time','gt':'yesterday'} | filter.gt | is a time such as",
                "{'field':'time','gt':'+10000-01-01T00:00:00Z'} | filter.gt | between the years",
                "{'field':'tags','exists':true} | filter.field | names a member",
                "{'field':'payload.','exists':true} | filter.field | names a member",
                "{'field':'payload.a..b','exists':true} | filter.field | empty name",
                "{'field':'tags.x','exists':'yes'} | filter.exists | true or false",
                "{'field':5,'exists':true} | filter.field | name of a field",
            })
    void namesWhatIsWrongAndWhere(String json, String path, String message) {
        assertThatThrownBy(() -> parse(json))
                .asInstanceOf(InstanceOfAssertFactories.type(InvalidInput.class))
                .extracting(InvalidInput::errors, InstanceOfAssertFactories.list(FieldError.class))
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.field()).isEqualTo(path);
                    assertThat(error.message()).contains(message);
                });
    }

    @Test
    void refusesWhatIsTooLarge() {
        FilterParser strict = new FilterParser(new FilterLimits(3, 4, 2, 5));
        String leaf = "{'field':'step','eq':1}";
        assertThat(strict.parse(json("{'not':{'not':" + leaf + "}}"), "filter")).isInstanceOf(Filter.Not.class);
        assertRefused(strict, "{'not':{'not':{'not':" + leaf + "}}}", "filter.not.not.not");
        assertThat(strict.parse(json("{'and':[" + leaf + "," + leaf + "," + leaf + "]}"), "filter"))
                .isInstanceOf(Filter.And.class);
        assertRefused(strict, "{'or':[" + leaf + "," + leaf + "," + leaf + "," + leaf + "]}", "filter.or[3]");
        assertRefused(strict, "{'field':'step','in':[1,2,3]}", "filter.in");
        assertRefused(strict, "{'field':'agent','eq':'123456'}", "filter.eq");
        assertRefused(strict, "{'field':'agent','contains':'123456'}", "filter.contains");
        assertRefused(strict, "{'field':'tags.123456','exists':true}", "filter.field");
    }

    @Test
    void listParametersBecomeAFilter() {
        assertThat(new Criteria(null, null, null, null, null, null, null).toFilter())
                .isEqualTo(Filter.ALL);
        assertThat(new Criteria("a1", "Action", "stm", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", 3L, 7L)
                        .toFilter())
                .isEqualTo(parse("""
                        {'and':[{'field':'agent','eq':'a1'},{'field':'kind','eq':'action'},{'field':'tier','eq':'STM'},
                         {'field':'time','gte':'2026-01-01T00:00:00Z','lte':'2026-01-02T00:00:00Z'},
                         {'field':'step','gte':3,'lte':7}]}
                        """));
        assertThatThrownBy(() -> new Criteria(null, "sate", null, null, null, null, null).toFilter())
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("kind: 'sate' is no kind; did you mean 'state'?");
        assertThatThrownBy(() -> new Criteria(null, null, null, "now", null, null, null).toFilter())
                .hasMessageContaining("from: is a time");
        assertThatThrownBy(() -> new Criteria(null, null, null, null, null, 7L, 3L).toFilter())
                .hasMessageContaining("toStep");
    }

    private void assertRefused(FilterParser strict, String filter, String path) {
        assertThatThrownBy(() -> strict.parse(json(filter), "filter"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith(path + ": ");
    }

    private List<Instant> selects(String filter, Instant... times) {
        Filter parsed = parse(filter);
        return List.of(times).stream()
                .filter(time -> FilterEvaluation.matches(
                        parsed, Memories.memory("m").at(time).build()))
                .toList();
    }

    private Filter.Field field(String name) {
        JsonNode condition = json("{'exists':true}");
        ((ObjectNode) condition).put("field", name);
        return ((Filter.Exists) parser.parse(condition, "filter")).field();
    }

    private Filter parse(String filter) {
        return parser.parse(json(filter), "filter");
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
