package engram.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./engram redis}: what it starts, what that keeps when it is stopped and when it is killed, what it refuses. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RedisCommandTest {
    private static final int DIMENSIONS = 4;

    @TempDir
    private static Path sharedDirectory = Path.of("");

    /** For the tests that leave it as it is. */
    @SuppressWarnings("NullAway.Init")
    private static RedisServer shared;

    @TempDir
    Path directory = Path.of("");

    @BeforeAll
    static void startShared() throws Exception {
        shared = RedisServer.start(sharedDirectory);
    }

    @AfterAll
    static void stopShared() throws Exception {
        shared.close();
    }

    @Test
    void keepsKeysAndIndexesWhenItIsStoppedAndWhenItIsKilled() throws Exception {
        try (RedisServer redis = RedisServer.start(directory)) {
            Outcome running = redis.status();
            assertThat(running.exitStatus()).isZero();
            assertThat(running.output())
                    .contains("answers on redis://127.0.0.1:" + redis.port(), "with search")
                    .contains("append-only file, sync always, last write ok", "noeviction", "timeouts fail")
                    .contains(redis.data().toString())
                    .doesNotContain("warning");
            try (RedisConnection connection = redis.connect()) {
                createIndex(connection);
                remember(connection, "moment:1", 1);
                assertThat(nearest(connection)).isEqualTo("[1, moment:1]");
            }

            assertThat(redis.start()).contains("was already running");
            assertThat(redis.stop()).contains("stopped Redis on port " + redis.port());
            assertThat(redis.stop()).contains("nothing to stop");

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
    void refusesADirectoryThatAnotherRedisHas() throws Exception {
        assumeThat(shared.status().output()).as("not in a container").contains("process");
        int port = RedisServer.freePort();
        Outcome second = RedisServer.run(RedisServer.startArguments(port, shared.data()));
        RedisServer.run(List.of("stop", "--port=" + port));
        assertThat(second.exitStatus()).isEqualTo(1);
        assertThat(second.output()).contains("in use by another Redis");
    }

    @Test
    void usesTheRedisThatTheEnvironmentNames() throws Exception {
        Map<String, String> there =
                Map.of("QUARKUS_REDIS_HOSTS", shared.address().toString());
        Outcome start = RedisServer.run(there, List.of("start"));
        assertThat(start.output()).contains("names " + shared.address(), "nothing is started");
        assertThat(start.exitStatus()).isZero();
        assertThat(RedisServer.run(there, List.of("status")).exitStatus()).isZero();

        String wrong = "redis://ada:secret@127.0.0.1:" + shared.port();
        Outcome refused = RedisServer.run(Map.of("QUARKUS_REDIS_HOSTS", wrong), List.of("start"));
        assertThat(refused.exitStatus()).isEqualTo(1);
        assertThat(refused.output()).contains("it refuses the user or password").doesNotContain("secret");
        Map<String, String> nowhere = Map.of("QUARKUS_REDIS_HOSTS", "redis://127.0.0.1:" + RedisServer.freePort());
        assertThat(RedisServer.run(nowhere, List.of("start")).exitStatus()).isEqualTo(1);
        assertThat(RedisServer.run(nowhere, List.of("status")).exitStatus()).isEqualTo(3);
    }

    @Test
    void neverEndsAProcessThatItHasNotStarted() throws Exception {
        assumeThat(shared.status().output()).as("not in a container").contains("process");
        Path state = Path.of(".cache", "redis", shared.port() + ".json");
        String original = Files.readString(state);
        try {
            // As an earlier boot would have left it, the number now being somebody else's process.
            Files.writeString(state, original.replaceFirst("\"birth\": \"[^\"]*\"", "\"birth\": \"earlier\""));
            assertThat(shared.stop()).contains("had ended already");
            Outcome stop = RedisServer.run(List.of("stop", "--port=" + shared.port()));
            assertThat(stop.exitStatus()).isEqualTo(1);
            assertThat(stop.output()).contains("was not started by");
            assertThat(shared.status().exitStatus()).as("it still answers").isZero();
        } finally {
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
