package engram.memory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the contract tests of stores share: a fresh space, and randomness from a seed that is printed. */
public abstract class StoreContract {
    protected MemoryStores stores;
    protected MemoryStore store;
    protected String space;
    protected Random random;
    protected RandomMemories memories;

    /** Opens the stores under test: over the same data each time it is called within one test. */
    protected abstract MemoryStores openStores(Clock clock) throws Exception;

    @BeforeEach
    void openFreshSpace() throws Exception {
        long seed = Long.getLong("engram.seed", System.nanoTime());
        System.out.println(getClass().getSimpleName() + ": engram.seed=" + seed);
        random = new Random(seed);
        memories = new RandomMemories(random, "m");
        stores = openStores(Clock.systemUTC());
        space = "contract-" + UUID.randomUUID();
        stores.putSettings(space, JsonObject.EMPTY, OptionalLong.empty());
        store = stores.open(space);
    }

    @AfterEach
    void close() {
        stores.names().forEach(stores::delete);
        stores.close();
    }

    protected Appended append(Entry... entries) {
        return store.append(new Append(List.of(entries), Optional.empty()));
    }

    /** Appends random memories to store and model. */
    protected void fill(StoreModel model, int count) {
        for (int done = 0; done < count; ) {
            int batch = Math.min(count - done, 1 + random.nextInt(60));
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                Entry entry = memories.entry(store.versions());
                entries.add(entry);
                model.append(entry);
            }
            store.append(new Append(entries, Optional.empty()));
            done += batch;
        }
    }

    /** A search for a random vector in every tier. */
    protected Search search(EmbeddingVersion version, int k, Filter filter, boolean exact) {
        return new Search(
                version,
                Map.of(
                        Tier.STM, memories.vector(Tier.STM),
                        Tier.IM, memories.vector(Tier.IM),
                        Tier.LTM, memories.vector(Tier.LTM)),
                k,
                filter,
                Set.of(),
                exact);
    }
}
