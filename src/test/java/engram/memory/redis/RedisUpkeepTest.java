package engram.memory.redis;

import static engram.memory.redis.ArenaEntries.await;
import static engram.memory.redis.ArenaEntries.entries;
import static org.assertj.core.api.Assertions.assertThat;

import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.IdempotencyKey;
import engram.memory.JsonObject;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.RandomMemories;
import engram.memory.Tier;
import engram.redis.RedisConnection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the store finishes and clears away, also where it was broken off. */
class RedisUpkeepTest {
    private TestRedis redis;
    private RedisMemoryStores stores;
    private MemoryStore store;

    @BeforeEach
    void start() throws Exception {
        redis = TestRedis.start();
        stores = redis.stores(Clock.systemUTC());
        stores.putSettings("arena", JsonObject.EMPTY, OptionalLong.empty());
        store = stores.open("arena");
    }

    @AfterEach
    void stop() throws Exception {
        stores.close();
        redis.close();
    }

    @Test
    void finishesABatchThatBrokeOff() {
        Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("long", "print"));
        List<Entry> first = entries("a", 100);
        store.append(new Append(first, key));
        List<Entry> whole = new ArrayList<>(entries("b", 100));
        whole.addAll(entries("c", 50));
        Appended appended = store.append(new Append(whole, key));
        assertThat(appended.replayed()).isFalse();
        assertThat(appended.outcomes().getFirst().id()).isEqualTo("a0");
        assertThat(appended.outcomes().getLast().id()).isEqualTo("c49");
        assertThat(store.statistics().total()).isEqualTo(150);
        assertThat(store.append(new Append(whole, key)).replayed()).isTrue();
    }

    @Test
    void finishesTheRemovalOfASpaceThatBrokeOff() throws Exception {
        store.append(new Append(entries("old", 1), Optional.empty()));
        try (RedisConnection connection = redis.server().connect()) {
            connection.command("SADD", "engram:removals", "arena");
            connection.command("RENAME", "engram:{arena}:about", "engram:{arena}:removed");
            assertThat(stores.names()).isEmpty();
            stores.finishRemovals();
            assertThat(connection.command("KEYS", "engram:*arena*")).isEqualTo("[]");
            assertThat(connection.command("FT._LIST")).isEqualTo("[]");
        }
        stores.putSettings("arena", JsonObject.EMPTY, OptionalLong.empty());
        assertThat(stores.open("arena").statistics().total()).isZero();
    }

    @Test
    void clearsAwayTheVectorsOfAVersionThatIsOutOfUse() throws Exception {
        RandomMemories memories = new RandomMemories(new Random(4), "m");
        store.append(new Append(entries("m", 120), Optional.empty()));
        EmbeddingVersion next = new EmbeddingVersion(Modality.STATE, 1);
        store.beginVersion(next);
        for (List<String> ids = store.withoutVector(next, 50); !ids.isEmpty(); ids = store.withoutVector(next, 50)) {
            Map<String, float[]> vectors = new HashMap<>();
            ids.forEach(id -> vectors.put(id, memories.vector(Tier.STM)));
            store.putVectors(next, vectors);
        }
        store.activateVersion(next);
        try (RedisConnection connection = redis.server().connect()) {
            await(() -> connection
                            .command("HEXISTS", "engram:{arena}:memory:m77", "v1")
                            .equals("0")
                    && connection
                            .command("HGET", "engram:{arena}:about", "dropping:1")
                            .equals("nil"));
            assertThat(connection.command("HEXISTS", "engram:{arena}:memory:m77", "v3"))
                    .isEqualTo("1");
            assertThat(connection.command("FT._LIST")).doesNotContain(":v1:");
        }
    }
}
