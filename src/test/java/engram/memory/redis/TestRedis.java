package engram.memory.redis;

import engram.redis.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.stream.Stream;

/** A Redis of its own for one test class, and clients of it. */
final class TestRedis implements AutoCloseable {
    private final Path directory;
    private final RedisServer server;
    private final Vertx vertx = Vertx.vertx();
    private final Redis client;

    private TestRedis(Path directory, RedisServer server) {
        this.directory = directory;
        this.server = server;
        this.client = client();
    }

    static TestRedis start() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("engram-redis");
        return new TestRedis(directory, RedisServer.start(directory));
    }

    RedisServer server() {
        return server;
    }

    /** One more client, as another process would have; closed with this. */
    Redis client() {
        return Redis.createClient(
                vertx,
                new RedisOptions()
                        .setConnectionString(server.address().toString())
                        .setPreferredProtocolVersion(ProtocolVersion.RESP2)
                        .setMaxPoolSize(16)
                        .setMaxPoolWaiting(1_000));
    }

    /** Stores as another process would have them. */
    RedisMemoryStores stores(Clock clock) {
        return stores(clock, settings());
    }

    RedisMemoryStores stores(Clock clock, RedisSettings settings) {
        return new RedisMemoryStores(client, settings, clock);
    }

    /** Few number fields, so that tests meet numbers with and without. */
    static RedisSettings settings() {
        RedisSettings defaults = RedisSettings.defaults();
        return defaults.withIndex(defaults.index().withPayloadPaths(6));
    }

    @Override
    public void close() throws IOException {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        server.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
