package engram.memory.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import engram.memory.Append;
import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Filter;
import engram.memory.InMemoryStores;
import engram.memory.JsonObject;
import engram.memory.MemoryStore;
import engram.memory.MemoryStores;
import engram.memory.Modality;
import engram.memory.RandomMemories;
import engram.memory.Scan;
import engram.memory.transfer.Header;
import engram.memory.transfer.ImportReport;
import engram.memory.transfer.MemoryExport;
import engram.memory.transfer.MemoryImport;
import engram.memory.transfer.MemoryReader;
import engram.memory.transfer.Transfers;
import engram.run.Progress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Memories of every kind move into Redis and out of it byte for byte. */
class RedisMovingTest {
    private static final Set<EmbeddingVersion> VERSIONS =
            Set.of(new EmbeddingVersion(Modality.STATE, 0), new EmbeddingVersion(Modality.TEXT, 0));

    @Test
    void losesNothingOnTheWayThereAndBack() throws Exception {
        long seed = Long.getLong("engram.seed", System.nanoTime());
        System.out.println("RedisMovingTest: engram.seed=" + seed);
        RandomMemories memories = new RandomMemories(new Random(seed), "m");
        try (TestRedis redis = TestRedis.start();
                RedisMemoryStores shared = redis.stores(Clock.systemUTC());
                InMemoryStores here = new InMemoryStores(Clock.systemUTC())) {
            MemoryStore source = space(here, "source");
            for (int i = 0; i < 400; i++) {
                Entry entry = memories.entry(VERSIONS);
                source.append(new Append(List.of(entry), Optional.empty()));
                if (i % 3 == 0) {
                    source.countRecalls(Map.of(entry.memory().id(), i + 1), memories.time());
                }
            }
            // Random memories hold what no client may send, such as steps below 0; what a file takes in is the measure.
            MemoryStore taken = space(here, "taken");
            long count = into(taken, export(source)).imported();
            assertThat(count).isGreaterThan(200);
            String exported = text(export(taken));

            MemoryStore moved = space(shared, "moved");
            assertThat(into(moved, exported.getBytes(UTF_8)).imported()).isEqualTo(count);
            assertThat(text(export(moved))).isEqualTo(exported);

            MemoryStore back = space(here, "back");
            assertThat(into(back, export(moved)).imported()).isEqualTo(count);
            assertThat(text(export(back))).isEqualTo(exported);
            String first = moved.scan(new Scan(Filter.ALL, false, null, 1))
                    .memories()
                    .getFirst()
                    .id();
            moved.delete(List.of(first), Departure.DELETED);
            ImportReport again = into(moved, exported.getBytes(UTF_8));
            assertThat(again.imported()).as("what was deleted comes again").isEqualTo(1);
            assertThat(again.duplicates()).isEqualTo(count - 1);
        }
    }

    private static MemoryStore space(MemoryStores stores, String name) {
        stores.putSettings(name, JsonObject.EMPTY, OptionalLong.empty());
        return stores.open(name);
    }

    private static byte[] export(MemoryStore store) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MemoryExport(store, true)
                .run(new Header("world", null, new TreeMap<>()), Filter.ALL, out, Progress.unobserved());
        return out.toByteArray();
    }

    private static String text(byte[] export) {
        return new String(export, UTF_8);
    }

    private static ImportReport into(MemoryStore store, byte[] file) {
        return new MemoryImport(Transfers.into(store), 50, MemoryReader.LONGEST_ITEM)
                .run(new ByteArrayInputStream(file), Progress.unobserved());
    }
}
