package engram.redis;

import static org.assertj.core.api.Assertions.assertThat;

import engram.redis.RedisServer.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./engram redis}: what it starts, what that keeps when it is stopped and when it is killed, what it refuses. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RedisCommandTest {
    private static final int DIMENSIONS = 4;

    @TempDir
    Path directory = Path.of("");

    @Test
    void keepsKeysAndIndexesWhenItIsStoppedAndWhenItIsKilled() throws Exception {
        try (RedisServer redis = RedisServer.start(directory)) {
            assertThat(redis.status().exitStatus()).isZero();
            assertThat(redis.status().output())
                    .contains("answers on redis://127.0.0.1:" + redis.port(), "with search")
                    .contains("append-only file, sync always, last write ok", "noeviction", "timeouts fail")
                    .contains(redis.data().toString())
                    .doesNotContain("warning");
            try (RedisConnection connection = redis.connect()) {
                createIndex(connection);
                remember(connection, "moment:1", 1);
                assertThat(nearest(connection)).isEqualTo("[1, moment:1]");
            }

            ProcessHandle process = redis.process();
            assertThat(redis.stop()).contains("process " + process.pid());
            assertThat(redis.status().exitStatus()).isEqualTo(3);

            redis.start();
            try (RedisConnection connection = redis.connect()) {
                assertThat(connection.command("FT._LIST")).isEqualTo("[moments]");
                assertThat(nearest(connection)).isEqualTo("[1, moment:1]");
                remember(connection, "moment:2", 0.5f);
            }

            redis.kill();
            Outcome gone = redis.status();
            assertThat(gone.exitStatus()).isEqualTo(3);
            assertThat(gone.output()).contains("no Redis answers on", "was started here and has ended");

            assertThat(redis.start()).contains("has ended", "started in", "QUARKUS_REDIS_HOSTS=" + redis.address());
            try (RedisConnection connection = redis.connect()) {
                assertThat(nearest(connection)).as("the write before the kill").isEqualTo("[2, moment:2, moment:1]");
            }
        }
    }

    @Test
    void startsOnceAndStopsOnce() throws Exception {
        try (RedisServer redis = RedisServer.start(directory)) {
            long process = redis.process().pid();
            assertThat(redis.start()).contains("was already running");
            assertThat(redis.process().pid()).isEqualTo(process);
            redis.stop();
            assertThat(redis.stop()).contains("nothing to stop");
        }
    }

    @Test
    void refusesADirectoryThatAnotherRedisHas() throws Exception {
        try (RedisServer redis = RedisServer.start(directory)) {
            String port = "--port=" + RedisServer.freePort();
            Outcome second = RedisServer.run(List.of("start", "--with=wheels", port, "--data-dir=" + redis.data()));
            RedisServer.run(List.of("stop", port));
            assertThat(second.exitStatus()).isEqualTo(1);
            assertThat(second.output()).contains("in use by another Redis");
        }
    }

    @Test
    void neverEndsAProcessThatItHasNotStarted() throws Exception {
        int port;
        try (RedisServer redis = RedisServer.start(directory)) {
            // The file as an earlier boot would have left it, the number now being somebody else's process.
            Path state = Path.of(".cache", "redis", redis.port() + ".json");
            String original = Files.readString(state);
            Files.writeString(state, original.replaceFirst("\"birth\": \"[^\"]*\"", "\"birth\": \"earlier\""));
            assertThat(redis.stop()).contains("had ended already");
            port = redis.port();
            Outcome stop = RedisServer.run(List.of("stop", "--port=" + port));
            assertThat(stop.exitStatus()).isEqualTo(1);
            assertThat(stop.output()).contains("was not started by");
            assertThat(redis.status().exitStatus()).as("it still answers").isZero();
            Files.writeString(state, original);
        }
    }

    @Test
    void refusesAPortThatSomethingElseHas() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> greetLikeMail(taken));
            String port = "--port=" + taken.getLocalPort();
            Outcome start = RedisServer.run(List.of("start", port, "--data-dir=" + directory.resolve("data")));
            assertThat(start.exitStatus()).isEqualTo(1);
            assertThat(start.output())
                    .contains("port " + taken.getLocalPort() + " is taken")
                    .doesNotContain("Traceback");
            assertThat(RedisServer.run(List.of("stop", port)).exitStatus()).isEqualTo(1);
            assertThat(RedisServer.run(List.of("status", port)).exitStatus()).isEqualTo(3);
        }
    }

    private static void greetLikeMail(ServerSocket server) {
        while (true) {
            try (var connection = server.accept()) {
                connection.getOutputStream().write("220 ready\r\n".getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void createIndex(RedisConnection connection) throws IOException {
        String create = "FT.CREATE moments ON HASH PREFIX 1 moment: SCHEMA v VECTOR HNSW 6 TYPE FLOAT32 DIM "
                + DIMENSIONS + " DISTANCE_METRIC L2";
        assertThat(connection.command((Object[]) create.split(" "))).isEqualTo("OK");
    }

    private static void remember(RedisConnection connection, String key, float value) throws IOException {
        assertThat(connection.command("HSET", key, "v", vector(value))).isEqualTo("1");
    }

    /** Keys by their distance to the origin. */
    private static String nearest(RedisConnection connection) throws IOException {
        return connection.command(
                "FT.SEARCH",
                "moments",
                "*=>[KNN 5 @v $q AS d]",
                "PARAMS",
                "2",
                "q",
                vector(0),
                "SORTBY",
                "d",
                "RETURN",
                "0",
                "DIALECT",
                "2");
    }

    private static byte[] vector(float value) {
        return ByteBuffer.allocate(DIMENSIONS * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array();
    }
}
