package engram.memory.embedded;

import engram.memory.Append;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Filter;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Memories;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Search;
import engram.memory.Tier;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** How tests open the embedded store: with an overlay and graphs so small that everything is used. */
final class EmbeddedStoreContracts {
    static final EmbeddingVersion STATE_0 = new EmbeddingVersion(Modality.STATE, 0);

    private EmbeddedStoreContracts() {}

    static EmbeddedSettings settings() {
        EmbeddedSettings defaults = EmbeddedSettings.defaults();
        return new EmbeddedSettings(
                defaults.record(),
                defaults.index()
                        .withOverlay(16, 4_096, Duration.ofMillis(20))
                        .withGraph(16, 100, 100, 32)
                        .withCommit(100, Duration.ofMillis(200)));
    }

    static EmbeddedMemoryStores open(Path directory) {
        return new EmbeddedMemoryStores(directory, settings(), Clock.systemUTC());
    }

    /** A space with memories {@code m0} to {@code m<count-1>}; the vector of each follows from its id. */
    static MemoryStore filled(EmbeddedMemoryStores stores, String space, int count) {
        stores.putSettings(space, JsonObject.EMPTY, OptionalLong.empty());
        MemoryStore store = stores.open(space);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(entry("m" + i));
        }
        store.append(new Append(entries, Optional.empty()));
        return store;
    }

    static void append(MemoryStore store, String id) {
        store.append(new Append(List.of(entry(id)), Optional.empty()));
    }

    static Entry entry(String id) {
        return new Entry(
                Memories.memory(id)
                        .agent("a" + Math.floorMod(id.hashCode(), 3))
                        .kind(Kind.STATE)
                        .payload("{'state':{'name':'" + id + "'}}")
                        .build(),
                Map.of(STATE_0, vector(id)));
    }

    static float[] vector(String id) {
        Random random = new Random(id.hashCode());
        float[] vector = new float[Tier.STM.resolution().dimensions()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    static Search search(String id, int k) {
        return new Search(STATE_0, Map.of(Tier.STM, vector(id)), k, Filter.ALL, Set.of(), false);
    }

    /** The ids of the memories nearest to the vector that belongs to {@code id}. */
    static List<String> nearest(MemoryStore store, String id, int k) {
        return store.search(search(id, k)).stream()
                .map(hit -> hit.memory().id())
                .toList();
    }
}
