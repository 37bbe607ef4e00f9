package engram.memory.consolidation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.encoder.EmbeddingSpace;
import engram.encoder.RandomProjectionEncoder;
import engram.encoder.Resolution;
import engram.feature.FeatureExtractor;
import engram.feature.FeatureSchema;
import engram.memory.Append;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Filter;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Memories;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Scan;
import engram.memory.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/** A space to consolidate: the default schema, encoder version 0 and a store, at noon. */
final class Population implements TierEncoding, TierEncoding.Live {
    static final Instant NOW = Memories.NOON;
    private static final List<Tier> TIERS = List.of(Tier.values());

    private final MemoryStore store;
    private final FeatureExtractor extractor = new FeatureExtractor(FeatureSchema.defaults());
    private final RandomProjectionEncoder encoder = new RandomProjectionEncoder(
            FeatureSchema.defaults().inputs(),
            1,
            extractor.extract(JsonNodeFactory.instance.objectNode()).values());

    /** A space over any store. */
    Population(MemoryStore store) {
        this.store = store;
    }

    MemoryStore store() {
        return store;
    }

    /** A state of the default schema. */
    static String state(double health, double x) {
        return "{'state':{'health':" + health + ",'x_position':" + x + ",'mood':3,'name':'n'}}";
    }

    static Instant ago(Duration age) {
        return NOW.minus(age);
    }

    static Instant hoursAgo(long hours) {
        return ago(Duration.ofHours(hours));
    }

    void add(Memories memory) {
        add(memory.build());
    }

    void add(Memory memory) {
        store.append(new Append(List.of(entry(memory)), Optional.empty()));
    }

    Entry entry(Memory memory) {
        float[] vector =
                encoder.compress(full(memory), Resolution.FULL, memory.tier().resolution());
        return new Entry(memory, Map.of(new EmbeddingVersion(memory.kind().modality(), 0), vector));
    }

    /** The widest vector of a memory. Texts have one, too: of their length. */
    float[] full(Memory memory) {
        ObjectNode payload = memory.payload().tree();
        ObjectNode state = memory.kind() == Kind.TEXT
                ? JsonNodeFactory.instance
                        .objectNode()
                        .put("energy", payload.path("text").asText().length())
                : (ObjectNode) payload.get("state");
        return encoder.encode(new float[][] {extractor.extract(state).values()})[0];
    }

    /** Adds two agents' memories of few situations, so that many are near-duplicates and many nearly near. */
    void populate(long seed, int size, String prefix) {
        Random random = new Random(seed);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            double health = 20 * random.nextInt(4) + random.nextInt(8) * 0.4;
            Memories memory = Memories.memory(prefix + "m" + i)
                    .agent("a" + random.nextInt(2))
                    .kind(random.nextInt(5) == 0 ? Kind.INTERACTION : Kind.STATE)
                    .tier(TIERS.get(random.nextInt(TIERS.size())))
                    .at(NOW.minusSeconds(random.nextInt(400 * 3600)))
                    .payload(state(health, 10 * random.nextInt(2)))
                    .recalls(random.nextInt(4))
                    .surprise(random.nextDouble());
            if (random.nextInt(3) == 0) {
                memory.reward(random.nextInt(20) - 10);
            }
            if (random.nextInt(10) == 0) {
                memory.pinned();
            }
            entries.add(entry(memory.build()));
        }
        store.append(new Append(entries, Optional.empty()));
    }

    float[] vector(String id) {
        Memory memory = memory(id);
        return store.vectors(List.of(id), new EmbeddingVersion(memory.kind().modality(), 0))
                .values()
                .iterator()
                .next();
    }

    float[] compressed(float[] full, Resolution to) {
        return encoder.compress(full, Resolution.FULL, to);
    }

    Memory memory(String id) {
        return store.get(List.of(id)).values().iterator().next();
    }

    /** All memories by id. */
    Map<String, Memory> all() {
        Map<String, Memory> all = new TreeMap<>();
        store.scan(new Scan(Filter.ALL, false, null, Integer.MAX_VALUE))
                .memories()
                .forEach(memory -> all.put(memory.id(), memory));
        return all;
    }

    Consolidation consolidation() {
        return new Consolidation(store, this, () -> NOW);
    }

    @Override
    public <T> T use(Function<TierEncoding.Live, T> work) {
        return work.apply(this);
    }

    @Override
    public JsonObject reduced(Memory memory) {
        if (memory.kind() == Kind.TEXT) {
            return memory.payload();
        }
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        kept.set("state", extractor.declared(memory.payload().tree().get("state")));
        return JsonObject.of(kept);
    }

    @Override
    public List<EmbeddingVersion> versions(Modality modality) {
        EmbeddingVersion active = store.activeVersion(modality);
        List<EmbeddingVersion> filling = store.versions().stream()
                .filter(version -> version.modality() == modality && !version.equals(active))
                .toList();
        return filling.isEmpty() ? List.of(active) : List.of(active, filling.getFirst());
    }

    @Override
    public EmbeddingSpace space(EmbeddingVersion version) {
        return encoder;
    }
}
