package engram.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FilterParserPropertiesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final FilterParser PARSER = new FilterParser(new FilterLimits(20, 10_000, 100, 1_000));

    @Property(tries = 500)
    void whatIsPrintedIsReadAgainAsItWas(@ForAll("filters") Filter filter) throws JsonProcessingException {
        String text = MAPPER.writeValueAsString(FilterPrinter.print(filter));
        assertThat(PARSER.parse(MAPPER.readTree(text), "filter")).isEqualTo(filter);
    }

    @Property(tries = 500)
    void aHostileTextIsOnlyEverAValue(@ForAll("hostile") String text) throws JsonProcessingException {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("field", "agent").put("eq", text);
        Filter filter = PARSER.parse(MAPPER.readTree(MAPPER.writeValueAsString(json)), "filter");

        assertThat(filter).isEqualTo(new Filter.In(new Filter.Field.Agent(), List.of(TextNode.valueOf(text))));
        assertThat(FilterEvaluation.matches(
                        filter, Memories.memory("m").agent(text + "x").build()))
                .isFalse();
        if (!text.isBlank()) {
            assertThat(FilterEvaluation.matches(
                            filter, Memories.memory("m").agent(text).build()))
                    .isTrue();
        }
    }

    @Property(tries = 500)
    void aHostileNameIsOnlyEverOneName(@ForAll("hostile") String name) throws JsonProcessingException {
        Filter tag = new Filter.Exists(new Filter.Field.Tag(name + "!"));
        Filter path = new Filter.Exists(new Filter.Field.PayloadPath(List.of("state", name + "!")));
        for (Filter filter : List.of(tag, path)) {
            String text = MAPPER.writeValueAsString(FilterPrinter.print(filter));
            assertThat(PARSER.parse(MAPPER.readTree(text), "filter")).isEqualTo(filter);
        }
    }

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.oneOf(
                Arbitraries.strings().all().ofMaxLength(30),
                Arbitraries.strings()
                        .withChars("\"'\\.*?{}[]()|&!:%_;- \n\0@$<>=~^")
                        .ofMaxLength(30),
                Arbitraries.of("*", "' OR 1=1 --", "agent\":\"b", "a OR b", "_id:*", "\uD800", "a\0b", "%", "x.y\\"));
    }

    @Provide
    Arbitrary<Filter> filters() {
        return filters(4);
    }

    private Arbitrary<Filter> filters(int depth) {
        if (depth == 0) {
            return leaves();
        }
        Arbitrary<Filter> parts = filters(depth - 1);
        return Arbitraries.oneOf(
                leaves(),
                parts.list().ofMaxSize(3).map(Filter.And::new),
                parts.list().ofMaxSize(3).map(Filter.Or::new),
                parts.map(Filter.Not::new));
    }

    private Arbitrary<Filter> leaves() {
        return Arbitraries.oneOf(
                members().flatMap(field -> scalars().list().ofMaxSize(4).map(values -> new Filter.In(field, values))),
                texts(new Filter.Field.Agent(), hostile()),
                texts(new Filter.Field.Kind(), Arbitraries.of(Kind.class).map(Kind::jsonName)),
                texts(new Filter.Field.Tier(), Arbitraries.of(Tier.class).map(Tier::name)),
                texts(new Filter.Field.Time(), times().map(Instant::toString)),
                Arbitraries.oneOf(members(), Arbitraries.just(new Filter.Field.Step()))
                        .flatMap(field -> ranges(field, Arbitraries.doubles().map(number -> number + 0.0))),
                ranges(new Filter.Field.Time(), times().map(time -> (double) time.toEpochMilli())),
                Combinators.combine(members(), hostile().filter(text -> !text.isEmpty()), Arbitraries.of(true, false))
                        .as(Filter.Contains::new),
                members().map(Filter.Exists::new));
    }

    private Arbitrary<Filter> texts(Filter.Field field, Arbitrary<String> values) {
        return values.list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(list -> new Filter.In(
                        field,
                        list.stream()
                                .map(value -> (JsonNode) TextNode.valueOf(value))
                                .toList()));
    }

    private Arbitrary<Filter> ranges(Filter.Field field, Arbitrary<Double> bounds) {
        return Combinators.combine(bounds, bounds, Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as((from, to, fromIn, toIn) -> new Filter.Range(field, from, fromIn, to, toIn));
    }

    private Arbitrary<Filter.Field> members() {
        Arbitrary<String> names = hostile().filter(name -> !name.isEmpty());
        return Arbitraries.oneOf(
                names.map(Filter.Field.Tag::new),
                names.list().ofMinSize(1).ofMaxSize(3).map(path -> {
                    List<String> ofState = new ArrayList<>(List.of("state"));
                    ofState.addAll(path);
                    return new Filter.Field.PayloadPath(ofState);
                }));
    }

    private Arbitrary<JsonNode> scalars() {
        return Arbitraries.oneOf(
                hostile().map(TextNode::valueOf),
                Arbitraries.longs().map(LongNode::valueOf),
                Arbitraries.doubles().map(DoubleNode::valueOf),
                Arbitraries.of(BooleanNode.TRUE, BooleanNode.FALSE));
    }

    private static Arbitrary<Instant> times() {
        return Arbitraries.longs().between(-62167219200000L, 253402300799999L).map(Instant::ofEpochMilli);
    }
}
