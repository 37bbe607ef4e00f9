package engram.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Draws memories with vectors, and filters that have something to find among them: both take their names and values from
 * the same small pools, with a few hard ones among them.
 */
public final class RandomMemories {
    static final EmbeddingVersion STATE_0 = new EmbeddingVersion(Modality.STATE, 0);
    static final EmbeddingVersion TEXT_0 = new EmbeddingVersion(Modality.TEXT, 0);

    private static final int HIDDEN = 8;
    private static final List<String> NAMES =
            List.of("x", "label", "flag", "position", "list", "mixed", "odd name.ü", "big", "");
    private static final List<String> TEXTS = List.of(
            "harvester",
            "Harvester",
            "défense",
            "DÉFENSE",
            "İstanbul",
            "a*b?c",
            "",
            "idle",
            "{x}\\|-@",
            "\0zero",
            "long ".repeat(80),
            "Ⅷ",
            "straße");
    private static final List<Long> INTEGERS =
            List.of(0L, 1L, -1L, 7L, 500L, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE);
    private static final List<Double> DECIMALS = List.of(0.0, -0.0, 0.5, -2.25, 1e300, 7.0, 9007199254740992.0);

    private final RandomGenerator random;
    private final String prefix;
    private int made;

    public RandomMemories(RandomGenerator random, String prefix) {
        this.random = random;
        this.prefix = prefix;
    }

    /** A memory of any kind and tier with its vectors of these versions. */
    public Entry entry(Set<EmbeddingVersion> versions) {
        Kind kind = pick(List.of(Kind.values()));
        Tier tier = pick(List.of(Tier.STM, Tier.STM, Tier.STM, Tier.IM, Tier.LTM));
        return entry(kind, tier, versions);
    }

    public Entry entry(Kind kind, Tier tier, Set<EmbeddingVersion> versions) {
        Memories memory = Memories.memory(prefix + made++)
                .agent("agent " + random.nextInt(5))
                .kind(kind)
                .tier(tier)
                .at(time())
                .payload(object(0).toString().replace("'", ""))
                .tags(tags().toString().replace("'", ""))
                .surprise(random.nextInt(5) / 4.0)
                .count(1 + random.nextInt(3));
        if (random.nextBoolean()) {
            memory.step(pick(INTEGERS));
        }
        if (random.nextBoolean()) {
            memory.reward(random.nextGaussian());
        }
        if (random.nextInt(4) == 0) {
            memory.derivedFrom("old 1", "old\n2");
        }
        return new Entry(memory.build(), vectors(kind.modality(), tier, versions));
    }

    /** A vector for each of the versions that are of the modality. */
    public Map<EmbeddingVersion, float[]> vectors(Modality modality, Tier tier, Set<EmbeddingVersion> versions) {
        Map<EmbeddingVersion, float[]> vectors = new HashMap<>();
        versions.stream()
                .filter(version -> version.modality() == modality)
                .forEach(version -> vectors.put(version, vector(tier)));
        return vectors;
    }

    /** A vector that lies, like those of real states, close to few dimensions. */
    public float[] vector(Tier tier) {
        double[] hidden = new double[HIDDEN];
        for (int i = 0; i < HIDDEN; i++) {
            hidden[i] = random.nextGaussian();
        }
        float[] vector = new float[tier.resolution().dimensions()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (Math.sin(i + 1.0) * hidden[i % HIDDEN] + 0.1 * random.nextGaussian());
        }
        return vector;
    }

    public Instant time() {
        return Memories.NOON.plusMillis(random.nextInt(5_000));
    }

    public ObjectNode tags() {
        ObjectNode tags = JsonNodeFactory.instance.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.set(pick(NAMES), random.nextInt(5) == 0 ? array(random.nextInt(3)) : scalar());
        }
        return tags;
    }

    private ObjectNode object(int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.set(pick(NAMES), value(depth));
        }
        return object;
    }

    private JsonNode value(int depth) {
        return switch (random.nextInt(8)) {
            case 0 -> depth < 3 ? object(depth + 1) : NullNode.instance;
            case 1 -> array(random.nextInt(4));
            case 2 -> random.nextInt(10) == 0 ? array(40) : NullNode.instance;
            default -> scalar();
        };
    }

    private ArrayNode array(int length) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < length; i++) {
            array.add(random.nextInt(6) == 0 ? array(1) : scalar());
        }
        return array;
    }

    private JsonNode scalar() {
        return switch (random.nextInt(5)) {
            case 0 -> TextNode.valueOf(pick(TEXTS));
            case 1 -> LongNode.valueOf(pick(INTEGERS));
            case 2 -> DoubleNode.valueOf(pick(DECIMALS));
            case 3 -> BooleanNode.valueOf(random.nextBoolean());
            default -> DoubleNode.valueOf(random.nextInt(20) / 4.0);
        };
    }

    /** A filter; about half of them select something. */
    public Filter filter(int depth) {
        return switch (random.nextInt(depth > 2 ? 4 : 8)) {
            case 0 -> new Filter.In(field(), operands());
            case 1 -> range();
            case 2 -> {
                String text = pick(TEXTS);
                int from = text.isEmpty() ? 0 : random.nextInt(text.length());
                int to = Math.min(text.length(), from + random.nextInt(4));
                yield new Filter.Contains(field(), text.substring(from, to), random.nextBoolean());
            }
            case 3 -> new Filter.Exists(field());
            case 4 -> new Filter.Not(filter(depth + 1));
            case 5, 6 -> new Filter.And(filters(depth));
            default -> new Filter.Or(filters(depth));
        };
    }

    private List<Filter> filters(int depth) {
        List<Filter> filters = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            filters.add(filter(depth + 1));
        }
        return filters;
    }

    private Filter range() {
        Filter.Field field = field();
        double base = field instanceof Filter.Field.Time ? Memories.NOON.toEpochMilli() : 0;
        double scale = field instanceof Filter.Field.Time ? 1_000 : 1;
        double from = random.nextInt(4) == 0 ? Double.NEGATIVE_INFINITY : base + scale * number();
        double to = random.nextInt(4) == 0 ? Double.POSITIVE_INFINITY : base + scale * number();
        return new Filter.Range(field, from, random.nextBoolean(), to, random.nextBoolean());
    }

    private double number() {
        return random.nextInt(4) == 0 ? pick(INTEGERS) : pick(DECIMALS);
    }

    private List<JsonNode> operands() {
        List<JsonNode> operands = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            operands.add(
                    switch (random.nextInt(8)) {
                        case 0 -> TextNode.valueOf("agent " + random.nextInt(5));
                        case 1 -> TextNode.valueOf(pick(List.of(Kind.values())).jsonName());
                        case 2 -> TextNode.valueOf(pick(List.of(Tier.values())).name());
                        default -> scalar();
                    });
        }
        return operands;
    }

    private Filter.Field field() {
        return switch (random.nextInt(12)) {
            case 0 -> new Filter.Field.Agent();
            case 1 -> new Filter.Field.Kind();
            case 2 -> new Filter.Field.Tier();
            case 3 -> new Filter.Field.Step();
            case 4, 5 -> new Filter.Field.Tag(pick(NAMES));
            case 6 -> new Filter.Field.PayloadPath(List.of(pick(NAMES), pick(NAMES)));
            default -> new Filter.Field.PayloadPath(List.of(pick(NAMES)));
        };
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
