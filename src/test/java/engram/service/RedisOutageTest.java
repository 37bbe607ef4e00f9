package engram.service;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import engram.redis.RedisConnection;
import engram.redis.RedisServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service on a real Redis that is killed, paused, cut off and filled up. */
@QuarkusTest
@TestProfile(RedisOutageTest.Quick.class)
@Timeout(300)
class RedisOutageTest {
    private static final AtomicInteger SPACES = new AtomicInteger();
    private static final int WRITERS = 4;

    /** {@code -Dredis-pause-seconds=30} for a long one. */
    private static final Duration PAUSE = Duration.ofSeconds(Long.getLong("redis-pause-seconds", 4));

    private final RedisServer redis = RedisResource.redis();
    private final List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger deferred = new AtomicInteger();
    private String space = "";

    /** A service that gives up soon, so that tests are short. */
    public static final class Quick implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(RedisResource.class));
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "engram.guard.read.timeout", "1s",
                    "engram.guard.write.timeout", "1s",
                    "engram.guard.large.timeout", "10s",
                    "engram.guard.breaker.probe-every", "100ms",
                    "engram.spool.retry-every", "100ms");
        }
    }

    @BeforeEach
    void create() throws InterruptedException {
        space = "/v1/spaces/outage" + SPACES.incrementAndGet();
        await(() -> store("breaker").equals("closed"));
        json("{\"encoder\":{\"trainAfter\":0}}").put(space).then().statusCode(201);
    }

    @AfterEach
    void mend() throws Exception {
        if (redis.status().exitStatus() != 0) {
            redis.start();
        }
    }

    @Test
    void keepsWritesAndRefusesReadsAtOnceWhileRedisIsAway() throws Exception {
        assertThat(write("before")).isEqualTo(201);
        redis.kill();
        for (int i = 0; i < 10; i++) {
            assertThat(write("away" + i)).isEqualTo(202);
        }
        json(memory("one"))
                .post(space + "/memories")
                .then()
                .statusCode(202)
                .body("status", equalTo("spooled"))
                .body("id", equalTo("one"))
                .header("Location", equalTo(space + "/memories/one"));
        acknowledged.add("one");
        json("{\"memories\":[" + memory("two") + ",{\"agent\":\"a\",\"state\":17}," + memory("three") + "]}")
                .post(space + "/memories/batch")
                .then()
                .statusCode(202)
                .body("created", hasSize(0))
                .body("spooled.id", equalTo(List.of("two", "three")))
                .body("spooled.index", equalTo(List.of(0, 2)))
                .body("failed.index", equalTo(List.of(1)));
        acknowledged.addAll(List.of("two", "three"));
        json("{\"agent\":\"a\",\"state\":17}").post(space + "/memories").then().statusCode(400);

        await(() -> store("breaker").equals("open"));
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            took.add(refused(json("{\"state\":{\"health\":1},\"k\":1}").post(space + "/recall")));
            took.add(refused(given().get(space + "/memories/before")));
            took.add(refused(json("{\"pinned\":true}").patch(space + "/memories/before")));
            took.add(refused(given().delete(space + "/memories/before")));
            took.add(refused(json(memory("x")).post("/v1/spaces/never-seen/memories")));
        }
        // Far less than any of the timeouts, also on a busy machine.
        assertThat(took.stream().sorted().toList().get(took.size() / 2)).isLessThan(Duration.ofMillis(200));
        refused(json("{}").put("/v1/spaces/never-seen"));
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(200);
        assertThat(store("waitingWrites")).isEqualTo(12);
        given().get("/q/metrics")
                .then()
                .body(containsString("engram_guard_away 1.0"))
                .body(containsString("engram_spool_writes 12.0"))
                .body(containsString("engram_guard_refused_total"));

        redis.start();
        assertEverythingIsThereOnce();
        given().get(space + "/memories/before").then().statusCode(200);
        json("{\"state\":{\"health\":1},\"k\":100}")
                .post(space + "/recall")
                .then()
                .statusCode(200)
                .body("matches", hasSize(acknowledged.size()));
        given().get("/q/metrics").then().body(containsString("engram_guard_away 0.0"));
    }

    @Test
    void answersARepeatedRequestWithTheSameIdWhereverItIs() throws Exception {
        String body = "{\"agent\":\"a\",\"state\":{\"health\":1}}";
        String stored = keyed("k1", body, 201);
        redis.kill();
        assertThat(keyed("k1", body, 202)).isEqualTo(stored);
        String waiting = keyed("k2", body, 202);
        assertThat(keyed("k2", body, 202)).isEqualTo(waiting).isNotEqualTo(stored);
        json("{\"agent\":\"b\",\"state\":{\"health\":1}}")
                .header("Idempotency-Key", "k2")
                .post(space + "/memories")
                .then()
                .statusCode(409);
        redis.start();
        acknowledged.addAll(List.of(stored, waiting));
        assertEverythingIsThereOnce();
        assertThat(keyed("k2", body, 201)).isEqualTo(waiting);
        assertThat(ids()).hasSize(2);
    }

    @Test
    void losesAndDoublesNothingWhenRedisIsKilledDuringWrites() throws Exception {
        whileWriting(() -> {
            for (int i = 0; i < 2; i++) {
                awaitWrites(60);
                redis.kill();
                awaitWrites(60);
                redis.start();
            }
            awaitWrites(60);
        });
        assertThat(deferred).hasPositiveValue();
        assertEverythingIsThereOnce();
    }

    @Test
    void losesAndDoublesNothingWhenRedisIsPausedDuringWrites() throws Exception {
        long process = redis.process().pid();
        whileWriting(() -> {
            awaitWrites(60);
            signal("STOP", process);
            try {
                await(() -> store("breaker").equals("open"));
                for (long end = System.nanoTime() + PAUSE.toNanos(); System.nanoTime() < end; ) {
                    assertThat(refused(given().get(space + "/memories/x"))).isLessThan(Duration.ofMillis(900));
                    Thread.sleep(50);
                }
            } finally {
                signal("CONT", process);
            }
            awaitWrites(60);
        });
        assertThat(deferred).hasPositiveValue();
        assertEverythingIsThereOnce();
    }

    @Test
    void losesAndDoublesNothingWhenConnectionsAreReset() throws Exception {
        whileWriting(() -> {
            try (RedisConnection connection = redis.connect()) {
                while (acknowledged.size() < 100) {
                    Thread.sleep(100);
                    connection.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                }
            }
        });
        assertEverythingIsThereOnce();
    }

    @Test
    void saysThatTheMemoryOfRedisIsFull() throws Exception {
        assertThat(write("before")).isEqualTo(201);
        try (RedisConnection connection = redis.connect()) {
            connection.command("CONFIG", "SET", "maxmemory", "1mb");
            json(memory("full"))
                    .post(space + "/memories")
                    .then()
                    .statusCode(503)
                    .header("Retry-After", not(nullValue()))
                    .body("type", equalTo("urn:engram:problem:storage-full"));
            given().get(space + "/memories/before").then().statusCode(200);
            connection.command("CONFIG", "SET", "maxmemory", "0");
        }
        assertThat(write("after")).isEqualTo(201);
        assertEverythingIsThereOnce();
    }

    private interface Disturbance {
        void happen() throws Exception;
    }

    private void whileWriting(Disturbance disturbance) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            String prefix = "w" + w + "-";
            writers.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; !done.get(); i++) {
                        assertThat(write(prefix + i)).isIn(201, 202);
                        Thread.sleep(5);
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            }));
        }
        try {
            disturbance.happen();
        } finally {
            done.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
        }
        assertThat(failures).isEmpty();
        assertThat(acknowledged).hasSizeGreaterThan(WRITERS);
    }

    /** Waits for so many more acknowledged writes. */
    private void awaitWrites(int more) throws InterruptedException {
        int before = acknowledged.size();
        await(() -> acknowledged.size() >= before + more);
    }

    private int write(String id) {
        Response response = json(memory(id)).post(space + "/memories");
        if (response.statusCode() == 201 || response.statusCode() == 202) {
            acknowledged.add(id);
        }
        if (response.statusCode() == 202) {
            deferred.incrementAndGet();
        }
        return response.statusCode();
    }

    private String keyed(String key, String body, int expected) {
        return json(body)
                .header("Idempotency-Key", key)
                .post(space + "/memories")
                .then()
                .statusCode(expected)
                .extract()
                .path("id");
    }

    private void assertEverythingIsThereOnce() throws InterruptedException {
        await(() -> store("waitingWrites").equals(0) && store("breaker").equals("closed"));
        assertThat(store("refused")).isEqualTo(0);
        assertThat(ids()).containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    private List<String> ids() {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            var page = given().urlEncodingEnabled(false)
                    .get(space + "/memories?limit=1000" + cursor)
                    .then()
                    .extract();
            assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
            ids.addAll(page.path("items.id"));
            String next = page.path("nextCursor");
            cursor = next == null ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        return ids;
    }

    private static Duration refused(Response response) {
        response.then()
                .statusCode(503)
                .header("Retry-After", not(nullValue()))
                .body("type", equalTo("urn:engram:problem:unavailable"));
        return Duration.ofMillis(response.time());
    }

    /** What readiness says of the store. */
    private static Object store(String item) {
        return given().get("/q/health/ready").jsonPath().get("checks.find { it.name == 'store' }.data." + item);
    }

    private static String memory(String id) {
        return "{\"id\":\"" + id + "\",\"agent\":\"a\",\"state\":{\"health\":1}}";
    }

    private static io.restassured.specification.RequestSpecification json(String body) {
        return given().contentType(ContentType.JSON).body(body);
    }

    private static void signal(String name, long process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it takes too long").isLessThan(end);
            Thread.sleep(20);
        }
    }
}
