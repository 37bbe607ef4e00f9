package engram.benchmarks.redis;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.Append;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Filter;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Search;
import engram.memory.Tier;
import engram.memory.redis.RedisMemoryStores;
import engram.memory.redis.RedisSettings;
import io.vertx.core.Vertx;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Does with the store in Redis what {@code redis_peer.py} does with raw commands, on the same vectors and when that asks:
 * {@code ingest FROM TO} and {@code recall FROM TO}, a line each, answered by a line.
 */
public final class StoreProcess {
    private static final int DIMENSIONS = 384;
    private static final int BATCH = 100;
    private static final int NEIGHBOURS = 10;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final EmbeddingVersion VERSION = new EmbeddingVersion(Modality.STATE, 0);

    private final MemoryStore store;
    private final float[][] vectors;
    private final float[][] queries;

    private StoreProcess(MemoryStore store, float[][] vectors, float[][] queries) {
        this.store = store;
        this.vectors = vectors;
        this.queries = queries;
    }

    /**
     * Answers until there are no more lines.
     *
     * @param arguments address of Redis, file of the vectors, file of the queries
     */
    public static void main(String... arguments) throws IOException {
        Vertx vertx = Vertx.vertx();
        Redis client = Redis.createClient(
                vertx,
                new RedisOptions()
                        .setConnectionString(arguments[0])
                        .setPreferredProtocolVersion(ProtocolVersion.RESP2));
        try (RedisMemoryStores stores = new RedisMemoryStores(client, RedisSettings.defaults(), Clock.systemUTC())) {
            stores.putSettings("benchmark", JsonObject.EMPTY, OptionalLong.empty());
            StoreProcess process = new StoreProcess(stores.open("benchmark"), read(arguments[1]), read(arguments[2]));
            process.answer(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        } finally {
            client.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static float[][] read(String file) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(file))) {
            float[][] rows = new float[(int) (channel.size() / Float.BYTES / DIMENSIONS)][DIMENSIONS];
            FloatBuffer numbers = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            for (float[] row : rows) {
                numbers.get(row);
            }
            return rows;
        }
    }

    private void answer(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 3);
            int from = Integer.parseInt(words[1]);
            int to = Integer.parseInt(words[2]);
            System.out.println(words[0].equals("ingest") ? ingest(from, to) : recall(from, to));
        }
    }

    /** The seconds it took. */
    private String ingest(int from, int to) {
        long start = System.nanoTime();
        for (int first = from; first < to; first += BATCH) {
            List<Entry> entries = new ArrayList<>(BATCH);
            for (int i = first; i < Math.min(to, first + BATCH); i++) {
                entries.add(new Entry(memory(i), Map.of(VERSION, vectors[i])));
            }
            store.append(new Append(entries, Optional.empty()));
        }
        return Double.toString((System.nanoTime() - start) / 1e9);
    }

    private static Memory memory(int number) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("state")
                .put("health", number % 100)
                .put("energy", number % 37)
                .put("resources", number % 1_000)
                .put("x_position", number % 501)
                .put("agent_type", "harvester");
        Instant time = START.plusMillis(number);
        return new Memory(
                "m" + number,
                "agent-" + number % 20,
                Kind.STATE,
                (long) number,
                time,
                Tier.STM,
                JsonObject.of(payload),
                false,
                JsonObject.EMPTY,
                null,
                false,
                null,
                0.5,
                0,
                null,
                1,
                List.of(),
                time,
                1,
                0);
    }

    /** Milliseconds of each query, then the ids that each found, all separated by blanks and commas. */
    private String recall(int from, int to) {
        StringBuilder answer = new StringBuilder();
        for (int i = from; i < to; i++) {
            Search search = new Search(VERSION, Map.of(Tier.STM, queries[i]), NEIGHBOURS, Filter.ALL, Set.of(), false);
            long start = System.nanoTime();
            List<Search.Hit> hits = store.search(search);
            answer.append((System.nanoTime() - start) / 1e6);
            hits.forEach(hit -> answer.append(',').append(hit.memory().id().substring(1)));
            answer.append(' ');
        }
        return answer.toString().strip();
    }
}
