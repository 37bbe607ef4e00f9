package engram.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.redis.RedisConnection;
import engram.redis.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of the packaged application with one Redis. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ReplicasIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Set<Integer> ACKNOWLEDGED = Set.of(200, 201, 202);
    private static final String PLAIN = "{\"encoder\":{\"trainAfter\":0}}";
    private static final Duration LEASE = Duration.ofSeconds(4);

    @TempDir
    private static Path directory;

    private static RedisServer redis;
    private static ServiceProcess a;
    private static ServiceProcess b;

    @BeforeAll
    static void start() throws Exception {
        redis = RedisServer.start(directory);
        a = replica("a");
        b = replica("b");
    }

    @AfterAll
    static void stop() throws Exception {
        a.close();
        b.close();
        redis.close();
    }

    private static ServiceProcess replica(String name) throws IOException, InterruptedException {
        return ServiceProcess.serve(
                Files.createDirectories(directory.resolve(name)),
                "-Dengram.store=redis",
                "-Dquarkus.redis.hosts=" + redis.address(),
                "-Dengram.redis.lease-time=" + LEASE.toSeconds() + "s",
                "-Dengram.consolidation.every=off",
                "-Dengram.consolidation.check-every=off");
    }

    /**
     * Ten clients write to both replicas, each memory by a key of its own until it is acknowledged, while Redis is killed
     * and for some time after it is back.
     */
    @Test
    void loseNoMemoryAndDoubleNoneWhenRedisIsKilled() throws Exception {
        int clients = 10;
        a.send("PUT", "/v1/spaces/restart", PLAIN, 201);
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicBoolean back = new AtomicBoolean();
        int memories = 0;
        try (ExecutorService executor = Executors.newFixedThreadPool(clients)) {
            List<Future<Integer>> work = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                int number = client;
                work.add(executor.submit(() -> write(number, acknowledged, back)));
            }
            await(() -> acknowledged.get() > 5 * clients || work.stream().anyMatch(Future::isDone));
            redis.kill();
            redis.start();
            back.set(true);
            for (Future<Integer> done : work) {
                memories += done.get();
            }
        }
        int expected = memories;
        // Writes are kept while Redis is away; reads are answered again once a replica has asked and found it.
        await(() -> status(a, "/v1/spaces/restart/memories") == 200 && status(b, "/v1/spaces/restart/memories") == 200);
        await(() -> total(a, "restart") >= expected);
        Map<String, Integer> steps = new TreeMap<>();
        for (JsonNode memory : list(b, "restart")) {
            steps.merge(
                    memory.path("agent").asText() + " " + memory.path("step").asLong(), 1, Integer::sum);
        }
        assertThat(steps).hasSize(expected);
        assertThat(steps.values()).containsOnly(1);
    }

    /** Returns how many memories were acknowledged. */
    private static int write(int client, AtomicInteger acknowledged, AtomicBoolean back) throws Exception {
        int afterwards = 10;
        int step = 0;
        for (; afterwards > 0; step++) {
            String body =
                    "{\"agent\":\"client-" + client + "\",\"step\":" + step + ",\"state\":{\"health\":" + step + "}}";
            boolean done = false;
            for (int attempt = 0; !done; attempt++) {
                ServiceProcess replica = (client + step + attempt) % 2 == 0 ? a : b;
                try {
                    int status = post(replica, "/v1/spaces/restart/memories", body, "key-" + client + "-" + step)
                            .statusCode();
                    assertThat(status).isIn(200, 201, 202, 503);
                    done = ACKNOWLEDGED.contains(status);
                } catch (IOException e) {
                    // Not known whether it was stored: the key makes it safe to send it again, to the other one even.
                    done = false;
                }
                if (!done) {
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            }
            acknowledged.incrementAndGet();
            afterwards -= back.get() ? 1 : 0;
        }
        return step;
    }

    @Test
    void createOneMemoryOfOneKeySentToBoth() throws Exception {
        a.send("PUT", "/v1/spaces/keys", PLAIN, 201);
        int rounds = 20;
        for (int round = 0; round < rounds; round++) {
            String key = "both-" + round;
            String body = "{\"agent\":\"ada\",\"step\":" + round + ",\"state\":{\"health\":1}}";
            List<CompletableFuture<HttpResponse<String>>> answers = Stream.of(a, b)
                    .map(replica -> CLIENT.sendAsync(
                            request(replica, "/v1/spaces/keys/memories", key, body),
                            HttpResponse.BodyHandlers.ofString()))
                    .toList();
            List<String> ids = new ArrayList<>();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isIn(200, 201);
                ids.add(MAPPER.readTree(answer.get().body()).path("id").asText());
            }
            assertThat(ids.getFirst()).isNotEmpty().isEqualTo(ids.getLast());
        }
        assertThat(total(b, "keys")).isEqualTo(rounds);
    }

    @Test
    void tellTheChangesOfOneThroughTheOther() throws Exception {
        a.send("PUT", "/v1/spaces/feed", PLAIN, 201);
        await(() -> status(b, "/v1/spaces/feed") == 200);
        Iterator<String> first = ids(b, "0");
        List<String> written = new ArrayList<>();
        List<String> fed = new ArrayList<>();
        for (int round = 0; round < 6; round++) {
            HttpResponse<String> answer = post(
                    round % 3 == 2 ? b : a,
                    "/v1/spaces/feed/memories",
                    "{\"agent\":\"a\",\"state\":{\"x\":1}}",
                    "f" + round);
            written.add(MAPPER.readTree(answer.body()).path("id").asText());
            fed.add(first.next());
        }
        assertThat(fed).isEqualTo(written);
        // The same client, on the other replica, from the third event on.
        String third = Long.toString(lines(b, "0")
                .filter(line -> line.startsWith("id:"))
                .skip(2)
                .mapToLong(line -> Long.parseLong(line.substring(3).trim()))
                .findFirst()
                .orElseThrow());
        Iterator<String> second = ids(a, third);
        assertThat(List.of(second.next(), second.next(), second.next())).isEqualTo(written.subList(3, 6));
    }

    @Test
    void embedByWhatTheOtherHasTrained() throws Exception {
        a.send("PUT", "/v1/spaces/trained", PLAIN, 201);
        write(a, "trained", 200);
        await(() -> status(b, "/v1/spaces/trained") == 200);
        String run = MAPPER.readTree(a.send(
                        "POST",
                        "/v1/spaces/trained/encoders",
                        "{\"activation\":\"always\",\"training\":{\"epochs\":2}}",
                        202))
                .path("id")
                .asText();
        await(() -> get(a, "/v1/runs/" + run).path("status").asText().equals("succeeded"));
        String state = "{\"states\":[{\"health\":5,\"energy\":70}]}";
        await(() -> get(b, "/v1/spaces/trained/encoders")
                .path("items")
                .path(1)
                .path("active")
                .asBoolean());
        assertThat(b.send("POST", "/v1/spaces/trained/embeddings", state, 200))
                .isEqualTo(a.send("POST", "/v1/spaces/trained/embeddings", state, 200));
        assertThat(MAPPER.readTree(
                                b.send("POST", "/v1/spaces/trained/recall", "{\"state\":{\"health\":7},\"k\":5}", 200))
                        .path("matches"))
                .hasSize(5);
        assertThat(post(b, "/v1/spaces/trained/memories", "{\"agent\":\"a\",\"state\":{\"health\":3}}", "t")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void takeOverTheConsolidationOfOneThatIsKilled() throws Exception {
        String full = "{\"capacity\":0,\"timeToLive\":null}";
        a.send(
                "PUT",
                "/v1/spaces/crowd",
                "{\"encoder\":{\"trainAfter\":0},\"tiers\":{\"stm\":" + full + ",\"im\":" + full + "}}",
                201);
        int memories = 3_000;
        write(a, "crowd", memories);
        await(() -> status(b, "/v1/spaces/crowd") == 200);
        try (RedisConnection connection = redis.connect()) {
            var consolidating = CLIENT.sendAsync(
                    request(a, "/v1/spaces/crowd/consolidations", "", "{}"), HttpResponse.BodyHandlers.discarding());
            await(() ->
                    connection.command("KEYS", "*spaces/crowd/consolidation*").contains("crowd"));
            a.kill();
            assertThat(connection.command("KEYS", "*spaces/crowd/consolidation*"))
                    .contains("crowd");
            assertThat(consolidating).failsWithin(Duration.ofSeconds(10));
        }
        long killed = System.nanoTime();
        assertThat(post(b, "/v1/spaces/crowd/consolidations", "{}", "").statusCode())
                .as("the turn is not over yet")
                .isEqualTo(409);
        await(() -> post(b, "/v1/spaces/crowd/consolidations", "{}", "").statusCode() == 200);
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isGreaterThan(LEASE.minusSeconds(2));
        JsonNode statistics = get(b, "/v1/spaces/crowd/statistics");
        assertThat(statistics.toString()).contains("LTM");
        assertThat(list(b, "crowd"))
                .allSatisfy(memory -> assertThat(memory.path("tier").asText()).isEqualTo("LTM"));
        a = replica("a");
        assertThat(total(a, "crowd")).isEqualTo(total(b, "crowd"));
    }

    private static void write(ServiceProcess replica, String space, int count) throws Exception {
        for (int from = 0; from < count; from += 500) {
            List<String> memories = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + 500); i++) {
                memories.add("{\"agent\":\"ada\",\"step\":" + i + ",\"state\":{\"health\":" + i % 101 + ",\"energy\":"
                        + i / 101 % 101 + ",\"x_position\":" + i + "}}");
            }
            replica.send(
                    "POST",
                    "/v1/spaces/" + space + "/memories/batch",
                    "{\"memories\":[" + String.join(",", memories) + "]}",
                    200);
        }
    }

    private static List<JsonNode> list(ServiceProcess replica, String space) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = get(replica, "/v1/spaces/" + space + "/memories?limit=500" + cursor);
            page.path("items").forEach(all::add);
            cursor = page.path("nextCursor").isTextual()
                    ? "&cursor=" + page.path("nextCursor").asText()
                    : "";
        } while (!cursor.isEmpty());
        return all;
    }

    private static long total(ServiceProcess replica, String space) throws Exception {
        return list(replica, space).size();
    }

    /** The memories that the change feed of a replica speaks of, as they come. */
    private static Iterator<String> ids(ServiceProcess replica, String lastEventId) throws Exception {
        return lines(replica, lastEventId)
                .filter(line -> line.startsWith("data:"))
                .map(line -> field(line, "id"))
                .iterator();
    }

    private static Stream<String> lines(ServiceProcess replica, String lastEventId) throws Exception {
        return CLIENT.send(
                        HttpRequest.newBuilder(URI.create(replica.address() + "/v1/spaces/feed/changes"))
                                .header("Last-Event-ID", lastEventId)
                                .header("Accept", "text/event-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofLines())
                .body();
    }

    private static String field(String line, String name) {
        try {
            return MAPPER.readTree(line.substring("data:".length())).path(name).asText();
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private static JsonNode get(ServiceProcess replica, String path) throws Exception {
        return MAPPER.readTree(replica.send("GET", path, "", 200));
    }

    private static int status(ServiceProcess replica, String path) throws Exception {
        return CLIENT.send(
                        HttpRequest.newBuilder(URI.create(replica.address() + path))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static HttpResponse<String> post(ServiceProcess replica, String path, String body, String key)
            throws Exception {
        return CLIENT.send(request(replica, path, key, body), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(ServiceProcess replica, String path, String key, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(replica.address() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return (key.isEmpty() ? request : request.header("Idempotency-Key", key)).build();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("within two minutes").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
