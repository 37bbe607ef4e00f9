package engram.memory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import engram.memory.Filter;
import engram.memory.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FilterCompilerTest {
    /** Nothing else may stand in a query: brackets and signs of ours, words of digits, fields by number, numbers. */
    private static final Pattern HARMLESS = Pattern.compile("(\\*|[()| -]|@tokens:\\{[0-9a-f]{24}(\\|[0-9a-f]{24})*\\}"
            + "|@(time|step|n[0-9]+):\\[\\(?(-inf|-?[0-9.]+(E-?[0-9]+)?) \\(?(\\+inf|-?[0-9.]+(E-?[0-9]+)?)\\])*");

    private static final FilterCompiler COMPILER =
            new FilterCompiler(Tier.STM, place -> Math.floorMod(place.hashCode(), 5));

    @Test
    void putsNothingOfAFilterIntoTheQuery() {
        long seed = Long.getLong("engram.seed", System.nanoTime());
        System.out.println("FilterCompilerTest: engram.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Filter filter = HostileFilters.draw(random, 0);
            Condition condition = COMPILER.compile(filter);
            assertThat(condition.upper()).as(filter.toString()).matches(HARMLESS);
            assertThat(condition.lower()).as(filter.toString()).matches(HARMLESS);
        }
    }

    @Test
    void tellsWhatAnIndexDecidesAlone() {
        Filter.Field agent = new Filter.Field.Agent();
        Filter one = new Filter.In(agent, List.of(TextNode.valueOf("a")));
        Condition exact = COMPILER.compile(new Filter.Not(one));
        assertThat(exact.upper()).isEqualTo(exact.lower()).startsWith("(-@tokens:{");
        Condition loose = COMPILER.compile(new Filter.Contains(agent, "a", false));
        assertThat(loose).isEqualTo(new Condition(Condition.ALL, Condition.NONE));
        assertThat(COMPILER.compile(new Filter.Not(new Filter.Contains(agent, "a", false))))
                .isEqualTo(new Condition(Condition.ALL, Condition.NONE));
        assertThat(COMPILER.compile(Filter.ALL)).isEqualTo(Condition.always(true));
        assertThat(COMPILER.compile(new Filter.Or(List.of()))).isEqualTo(Condition.always(false));
    }

    @Test
    void knowsTheTierOfItsIndex() {
        Filter stm = new Filter.In(new Filter.Field.Tier(), List.of(TextNode.valueOf("STM")));
        assertThat(COMPILER.compile(stm)).isEqualTo(Condition.always(true));
        assertThat(new FilterCompiler(Tier.IM, _ -> 0).compile(stm)).isEqualTo(Condition.always(false));
    }

    @Test
    void keepsBoundsAsTheyAre() {
        Filter.Field step = new Filter.Field.Step();
        assertThat(COMPILER.compile(new Filter.Range(step, -2.5, false, 1e300, true))
                        .upper())
                .isEqualTo("@step:[(-2.5 1.0E300]");
        assertThat(COMPILER.compile(new Filter.Range(step, 3, true, 2, true)).upper())
                .isEqualTo(Condition.NONE);
        assertThat(COMPILER.compile(new Filter.Range(step, 2, true, 2, false)).upper())
                .isEqualTo(Condition.NONE);
    }

    /** Filters whose names and values try to be read as queries. */
    static final class HostileFilters {
        private static final List<String> TEXTS = List.of(
                "*",
                "a} | @tokens:{*",
                "x]=>[KNN 5 @v1 $query]",
                "\\",
                "\"",
                "'",
                "engram:{victim}:memory:secret",
                "(-inf +inf",
                "%needle%",
                "~x",
                "$query",
                "|",
                "-",
                "@agent",
                "\0",
                "\ud800",
                "a b,c",
                "");

        private HostileFilters() {}

        static Filter draw(Random random, int depth) {
            return switch (random.nextInt(depth > 3 ? 4 : 7)) {
                case 0 -> new Filter.In(field(random), values(random));
                case 1 -> new Filter.Contains(field(random), text(random), random.nextBoolean());
                case 2 -> new Filter.Exists(field(random));
                case 3 ->
                    new Filter.Range(
                            field(random), number(random), random.nextBoolean(), number(random), random.nextBoolean());
                case 4 -> new Filter.Not(draw(random, depth + 1));
                case 5 -> new Filter.And(some(random, depth));
                default -> new Filter.Or(some(random, depth));
            };
        }

        private static List<Filter> some(Random random, int depth) {
            List<Filter> parts = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                parts.add(draw(random, depth + 1));
            }
            return parts;
        }

        private static Filter.Field field(Random random) {
            return switch (random.nextInt(7)) {
                case 0 -> new Filter.Field.Agent();
                case 1 -> new Filter.Field.Kind();
                case 2 -> new Filter.Field.Tier();
                case 3 -> new Filter.Field.Step();
                case 4 -> new Filter.Field.Tag(text(random));
                case 5 -> new Filter.Field.PayloadPath(List.of("state", text(random)));
                default -> new Filter.Field.PayloadPath(List.of(text(random)));
            };
        }

        static String text(Random random) {
            String text = TEXTS.get(random.nextInt(TEXTS.size()));
            return random.nextInt(4) == 0 ? text + TEXTS.get(random.nextInt(TEXTS.size())) : text;
        }

        private static double number(Random random) {
            return switch (random.nextInt(5)) {
                case 0 -> Double.NEGATIVE_INFINITY;
                case 1 -> Double.POSITIVE_INFINITY;
                case 2 -> -0.0;
                case 3 -> random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
                default -> random.nextInt(10);
            };
        }

        private static List<JsonNode> values(Random random) {
            List<JsonNode> values = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                values.add(
                        switch (random.nextInt(4)) {
                            case 0 -> LongNode.valueOf(random.nextLong());
                            case 1 -> DoubleNode.valueOf(random.nextGaussian());
                            case 2 -> BooleanNode.valueOf(random.nextBoolean());
                            default -> TextNode.valueOf(text(random));
                        });
            }
            return values;
        }
    }
}
