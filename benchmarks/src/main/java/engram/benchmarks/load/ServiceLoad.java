package engram.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures the packaged service over HTTP: sustained batch ingest, recall by one client and by eight with and without a
 * filter beside recall@10 against exact search, single writes from sixteen clients, start-up with the full store, heap.
 *
 * <p>Arguments: the project's directory, a working directory, the number of memories, the version to recall by
 * ({@code projection} or {@code trained}). Prints one JSON object.
 */
public final class ServiceLoad {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String SPACE = "/v1/spaces/load";
    private static final int BATCH = 256;
    private static final int QUERIES = 5_000;
    private static final int CHECKED = 1_000;

    /** How many times all queries are asked before they are measured: the JVM compiles for thousands of requests. */
    private static final int WARMING = 3;

    /** Longer than the index waits before it merges further. */
    private static final int QUIET_SECONDS = 8;

    private static final Duration LONGEST_SETTLING = Duration.ofMinutes(3);

    private final ObjectNode figures = MAPPER.createObjectNode();

    private ServiceLoad() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Path work = Files.createDirectories(Path.of(arguments[1]).toAbsolutePath());
        int count = Integer.parseInt(arguments[2]);
        boolean trained = arguments.length > 3 && arguments[3].equals("trained");
        new ServiceLoad().run(home, work, count, trained);
    }

    private void run(Path home, Path work, int count, boolean trained) throws Exception {
        Path application = home.resolve("target/quarkus-app/quarkus-run.jar");
        List<String> flags = List.of(System.getenv()
                .getOrDefault(
                        "ENGRAM_JVM_FLAGS",
                        "--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Xmx1g")
                .split(" +"));
        List<ObjectNode> memories = States.simulate(home, work, count, 11);
        List<ObjectNode> queries = States.simulate(home, work, QUERIES, 21);
        Path data = work.resolve("data");
        figures.put("memories", count).put("encoder", trained ? "trained" : "projection");
        try (Service service = Service.start(application, data, flags)) {
            figures.put("startEmptySeconds", seconds(service.startUp()));
            createSpace(service);
            ingest(service, memories, 2);
            if (trained) {
                train(service);
            }
            settle(service);
            floor(service);
            recallQuality(service, queries);
            recallLatency(service, queries, 1, "", "oneClient");
            recallLatency(service, queries, 8, "", "eightClients");
            recallLatency(
                    service,
                    queries,
                    1,
                    ",\"filter\":{\"field\":\"payload.state.agent_type\",\"eq\":\"explorer\"}",
                    "oneClientFiltered");
            singles(service, queries, 16);
            resources(service, data);
        }
        try (Service service = Service.start(application, data, flags)) {
            figures.put("startFullSeconds", seconds(service.startUp()));
            long begin = System.nanoTime();
            try (Connection connection = new Connection(service.port())) {
                connection
                        .send("POST", SPACE + "/recall", query(queries.getFirst(), ""))
                        .expect(200);
            }
            figures.put("firstRecallMilliseconds", (System.nanoTime() - begin) / 1e6);
        }
        System.out.println(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(figures));
    }

    private static void createSpace(Service service) throws IOException {
        try (Connection connection = new Connection(service.port())) {
            String unlimited = "{\"capacity\":null,\"timeToLive\":null}";
            connection
                    .send(
                            "PUT",
                            SPACE,
                            MAPPER.readTree("{\"encoder\":{\"trainAfter\":0},\"tiers\":{\"stm\":" + unlimited + "}}"))
                    .expect(201);
        }
    }

    private void ingest(Service service, List<ObjectNode> memories, int clients) throws Exception {
        List<byte[]> batches = new ArrayList<>();
        for (int from = 0; from < memories.size(); from += BATCH) {
            ObjectNode body = MAPPER.createObjectNode();
            ArrayNode array = body.putArray("memories");
            memories.subList(from, Math.min(memories.size(), from + BATCH)).forEach(array::add);
            batches.add(MAPPER.writeValueAsBytes(body));
        }
        long begin = System.nanoTime();
        inParallel(service, clients, batches.size(), (connection, place) -> connection
                .send("POST", SPACE + "/memories/batch", batches.get(place))
                .expect(200));
        double elapsed = (System.nanoTime() - begin) / 1e9;
        figures.put("ingestPerSecond", memories.size() / elapsed);
        System.err.println(figures);
    }

    private void train(Service service) throws Exception {
        try (Connection connection = new Connection(service.port())) {
            long begin = System.nanoTime();
            JsonNode run = connection
                    .send("POST", SPACE + "/encoders", MAPPER.readTree("{\"activation\":\"always\"}"))
                    .expect(202)
                    .json();
            String path = "/v1/runs/" + run.get("id").textValue();
            while (!List.of("succeeded", "failed", "cancelled")
                    .contains(run.get("status").textValue())) {
                Thread.sleep(500);
                run = connection.get(path).expect(200).json();
            }
            figures.put("trainAndReEmbedSeconds", (System.nanoTime() - begin) / 1e9);
            figures.set("trainingRun", run);
        }
    }

    /** Waits until the service is at rest, its index merged, so that what follows is not measured beside other work. */
    private void settle(Service service) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Duration used = service.processorTime();
        int quiet = 0;
        while (quiet < QUIET_SECONDS && System.nanoTime() - begin < LONGEST_SETTLING.toNanos()) {
            Thread.sleep(Duration.ofSeconds(1));
            Duration now = service.processorTime();
            quiet = now.minus(used).toMillis() < 50 ? quiet + 1 : 0;
            used = now;
        }
        figures.put("settledAfterSeconds", (System.nanoTime() - begin) / 1e9);
        System.err.println(figures);
    }

    private void recallQuality(Service service, List<ObjectNode> queries) throws IOException {
        int kept = 0;
        int wanted = 0;
        try (Connection connection = new Connection(service.port())) {
            for (int i = 0; i < CHECKED; i++) {
                JsonNode exact = recall(connection, query(queries.get(i * (QUERIES / CHECKED)), ",\"exact\":true"));
                JsonNode found = recall(connection, query(queries.get(i * (QUERIES / CHECKED)), ""));
                double farthest = exact.get(exact.size() - 1).get("score").doubleValue();
                for (JsonNode match : found) {
                    kept += match.get("score").doubleValue() >= farthest - 1e-9 ? 1 : 0;
                }
                wanted += exact.size();
            }
        }
        figures.put("recallAt10", (double) kept / wanted);
    }

    private static JsonNode recall(Connection connection, byte[] body) throws IOException {
        return connection
                .send("POST", SPACE + "/recall", body)
                .expect(200)
                .json()
                .get("matches");
    }

    private static byte[] query(ObjectNode memory, String more) throws IOException {
        String state = MAPPER.writeValueAsString(memory.get("state"));
        return ("{\"k\":10,\"state\":" + state + more + "}").getBytes(StandardCharsets.UTF_8);
    }

    /** What any request costs on this machine now, beside which the others are to be seen. */
    private void floor(Service service) throws IOException {
        long[] durations = new long[QUERIES];
        try (Connection connection = new Connection(service.port())) {
            for (int i = -QUERIES; i < QUERIES; i++) {
                long start = System.nanoTime();
                connection.get(SPACE).expect(200);
                if (i >= 0) {
                    durations[i] = System.nanoTime() - start;
                }
            }
        }
        Latencies latencies = Latencies.of(durations);
        figures.putObject("oneClientReadingSettings")
                .put("p50", latencies.milliseconds(0.5))
                .put("p99", latencies.milliseconds(0.99));
    }

    private void recallLatency(Service service, List<ObjectNode> queries, int clients, String more, String name)
            throws Exception {
        List<byte[]> bodies = new ArrayList<>();
        for (ObjectNode query : queries) {
            bodies.add(query(query, more));
        }
        inParallel(service, clients, WARMING * bodies.size(), (connection, place) -> connection
                .send("POST", SPACE + "/recall", bodies.get(place % bodies.size()))
                .expect(200));
        long[] durations = new long[bodies.size()];
        long begin = System.nanoTime();
        inParallel(service, clients, bodies.size(), (connection, place) -> {
            long start = System.nanoTime();
            connection.send("POST", SPACE + "/recall", bodies.get(place)).expect(200);
            durations[place] = System.nanoTime() - start;
        });
        double elapsed = (System.nanoTime() - begin) / 1e9;
        Latencies latencies = Latencies.of(durations);
        figures.putObject(name)
                .put("recallsPerSecond", bodies.size() / elapsed)
                .put("p50", latencies.milliseconds(0.5))
                .put("p99", latencies.milliseconds(0.99))
                .put("p999", latencies.milliseconds(0.999))
                .put("max", latencies.milliseconds(1));
        System.err.println(figures);
    }

    private void singles(Service service, List<ObjectNode> memories, int clients) throws Exception {
        List<byte[]> bodies = new ArrayList<>();
        for (ObjectNode memory : memories) {
            bodies.add(MAPPER.writeValueAsBytes(memory));
        }
        long[] durations = new long[bodies.size()];
        long begin = System.nanoTime();
        inParallel(service, clients, bodies.size(), (connection, place) -> {
            long start = System.nanoTime();
            connection.send("POST", SPACE + "/memories", bodies.get(place)).expect(201);
            durations[place] = System.nanoTime() - start;
        });
        double elapsed = (System.nanoTime() - begin) / 1e9;
        Latencies latencies = Latencies.of(durations);
        figures.putObject("singleWrites")
                .put("perSecond", bodies.size() / elapsed)
                .put("p50", latencies.milliseconds(0.5))
                .put("p99", latencies.milliseconds(0.99));
        System.err.println(figures);
    }

    private void resources(Service service, Path data) throws IOException, InterruptedException {
        String status = Files.readString(Path.of("/proc/" + service.pid() + "/status"));
        status.lines()
                .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM") || line.startsWith("RssAnon"))
                .forEach(line -> figures.put(
                        line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT) + "MiB",
                        Long.parseLong(line.replaceAll("\\D", "")) / 1024));
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(service.pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .start();
        jcmd.getInputStream().readAllBytes();
        jcmd.waitFor();
        try (Connection connection = new Connection(service.port())) {
            String metrics = new String(connection.get("/q/metrics").expect(200).body(), StandardCharsets.UTF_8);
            double used = metrics.lines()
                    .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
            figures.put("heapAfterCollectionMiB", used / (1 << 20));
            figures.set(
                    "statistics",
                    connection.get(SPACE + "/statistics").expect(200).json());
        }
        try (var files = Files.walk(data)) {
            figures.put(
                    "diskMiB",
                    files.filter(Files::isRegularFile)
                                    .mapToLong(file -> file.toFile().length())
                                    .sum()
                            >> 20);
        }
    }

    private static void inParallel(Service service, int clients, int requests, Request request)
            throws InterruptedException, ExecutionException {
        AtomicInteger next = new AtomicInteger();
        Callable<Void> client = () -> {
            try (Connection connection = new Connection(service.port())) {
                for (int place = next.getAndIncrement(); place < requests; place = next.getAndIncrement()) {
                    request.send(connection, place);
                }
            }
            return null;
        };
        try (ExecutorService executor = Executors.newFixedThreadPool(clients)) {
            List<Future<Void>> futures = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                futures.add(executor.submit(client));
            }
            for (Future<Void> future : futures) {
                future.get();
            }
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    /** What a client sends, once for each place. */
    @FunctionalInterface
    private interface Request {
        void send(Connection connection, int place) throws IOException;
    }
}
