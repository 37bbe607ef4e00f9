package engram.memory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import engram.error.EngramException;
import engram.memory.Append;
import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Filter;
import engram.memory.JsonObject;
import engram.memory.Memories;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Scan;
import engram.memory.Search;
import engram.memory.Tier;
import engram.memory.Update;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever is said to the store of one space, nothing of another one comes out or changes. */
class RedisIsolationTest {
    private static final EmbeddingVersion VERSION = new EmbeddingVersion(Modality.STATE, 0);
    private static final int ATTEMPTS = 1_500;

    private static TestRedis redis;

    @BeforeAll
    static void startRedis() throws Exception {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stopRedis() throws Exception {
        redis.close();
    }

    @Test
    void letsNothingOutOfAnotherSpace() {
        long seed = Long.getLong("engram.seed", System.nanoTime());
        System.out.println("RedisIsolationTest: engram.seed=" + seed);
        Random random = new Random(seed);
        try (RedisMemoryStores stores = redis.stores(Clock.systemUTC())) {
            MemoryStore victim = space(stores, "victim");
            victim.append(append("secret"));
            Map<String, Memory> before = victim.get(List.of("secret"));
            MemoryStore own = space(stores, "own");
            own.append(append("mine"));
            for (int i = 0; i < ATTEMPTS; i++) {
                String id = id(random);
                Filter filter = FilterCompilerTest.HostileFilters.draw(random, 0);
                try {
                    Search search = new Search(
                            VERSION, Map.of(Tier.STM, vector()), 10, filter, Set.of(id), random.nextBoolean());
                    assertThat(own.search(search))
                            .as(filter.toString())
                            .allMatch(hit -> !hit.memory().id().equals("secret"));
                    assertThat(own.scan(new Scan(filter, true, null, 10)).memories())
                            .allMatch(memory -> !memory.id().equals("secret"));
                    assertThat(own.get(List.of(id))).isEmpty();
                    assertThat(own.vectors(List.of(id), VERSION)).isEmpty();
                    assertThat(own.update(List.of(
                                    new Update(id, OptionalLong.empty(), new Update.Edit(1.0, false, null, true)))))
                            .containsExactly(Update.Outcome.MISSING);
                    assertThat(own.delete(List.of(id), Departure.DELETED)).isEmpty();
                    own.countRecalls(Map.of(id, 1), Memories.NOON);
                } catch (EngramException refused) {
                    assertThat(refused).hasMessageNotContaining("secret-content");
                }
            }
            assertThat(victim.get(List.of("secret"))).isEqualTo(before);
            assertThat(victim.statistics().total()).isEqualTo(1);
            assertThat(own.statistics().total()).isEqualTo(1);
            assertThat(own.changes(0, 10)).hasSize(1);
        }
    }

    /** Ids that try to be the key of another space's memory. */
    private static String id(Random random) {
        List<String> tricks = List.of(
                "secret",
                "../secret",
                "engram:{victim}:memory:secret",
                "}:memory:secret",
                "{victim}",
                "\r\nGET engram:{victim}:memory:secret",
                "*",
                "memory:secret",
                "\0secret");
        return tricks.get(random.nextInt(tricks.size()))
                + (random.nextBoolean() ? "" : FilterCompilerTest.HostileFilters.text(random));
    }

    private static MemoryStore space(RedisMemoryStores stores, String name) {
        stores.putSettings(name, JsonObject.EMPTY, OptionalLong.empty());
        return stores.open(name);
    }

    private static Append append(String id) {
        Memory memory = Memories.memory(id)
                .tags(JsonNodeFactory.instance
                        .objectNode()
                        .put("word", "secret-content")
                        .toString())
                .build();
        return new Append(List.of(new Entry(memory, Map.of(VERSION, vector()))), Optional.empty());
    }

    private static float[] vector() {
        return new float[Tier.STM.resolution().dimensions()];
    }
}
