package engram.service;

import engram.redis.RedisServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a service of the tests on a Redis of its own, and lets tests find that. */
public final class RedisResource implements QuarkusTestResourceLifecycleManager {
    private static final String PROPERTY = "engram-test-redis";

    private @Nullable RedisServer server;

    /** The Redis of the service. The class that is asked may be another than the one that started it. */
    static RedisServer redis() {
        String[] parts = System.getProperty(PROPERTY, "").split(" ", 2);
        return RedisServer.at(Path.of(parts[1]), Integer.parseInt(parts[0]));
    }

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory("engram-redis");
            RedisServer started = RedisServer.start(directory);
            server = started;
            System.setProperty(PROPERTY, started.port() + " " + directory);
            return Map.of(
                    "engram.store",
                    "redis",
                    "quarkus.redis.hosts",
                    started.address().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        try {
            if (server != null) {
                server.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
