package engram.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.benchmarks.load.RecallLoad.Selection;
import engram.benchmarks.vectors.Episodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures the packaged service over HTTP while one space grows: at every milestone the rate of writing, recalls from one
 * client, from eight, with filters and for several k beside their recall against exact search, recalls at a fixed rate
 * alone and while memories are written at half the greatest rate, what the service uses, and how long it takes to start.
 *
 * <p>Arguments: the project's directory, where episodes are kept, an empty working directory, {@code embedded} or the
 * address of a Redis, {@code projection} or {@code trained}, the number of queries, the seconds of a measurement at a fixed
 * rate, the milestones. Prints one JSON object.
 */
public final class ServiceLoad {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String SPACE = "/v1/spaces/load";
    private static final int CHECKED = 200;
    private static final int SINGLES = 4_000;

    /** More than are written between two milestones. */
    private static final int WRITTEN_BESIDES = 60_000;

    private final Path application;
    private final Path data;
    private final List<String> flags;
    private final boolean trained;
    private final List<String> states;
    private final Duration atRate;

    private ServiceLoad(
            Path application, Path data, List<String> flags, boolean trained, List<String> states, Duration atRate) {
        this.application = application;
        this.data = data;
        this.flags = flags;
        this.trained = trained;
        this.states = states;
        this.atRate = atRate;
    }

    /** Measures and prints. */
    public static void main(String... arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Path kept = Path.of(arguments[1]);
        Path work = Files.createDirectories(Path.of(arguments[2]).toAbsolutePath());
        List<String> states = new ArrayList<>();
        try (Episodes asked = new Episodes(home, kept, 21, false)) {
            for (String memory : asked.next(Integer.parseInt(arguments[5]))) {
                states.add(MAPPER.writeValueAsString(MAPPER.readTree(memory).get("state")));
            }
        }
        ServiceLoad load = new ServiceLoad(
                home.resolve("target/quarkus-app/quarkus-run.jar"),
                work.resolve("data"),
                Service.flags(arguments[3]),
                arguments[4].equals("trained"),
                states,
                Duration.ofSeconds(Integer.parseInt(arguments[6])));
        int[] milestones =
                Arrays.stream(arguments).skip(7).mapToInt(Integer::parseInt).toArray();
        ObjectNode figures = MAPPER.createObjectNode()
                .put("store", arguments[3].startsWith("redis://") ? "redis" : arguments[3])
                .put("encoder", arguments[4]);
        try (Episodes episodes = new Episodes(home, kept, 11, true)) {
            episodes.prepare(milestones[milestones.length - 1] + milestones.length * WRITTEN_BESIDES);
            figures.set("milestones", load.run(milestones, episodes));
        }
        System.out.println(figures);
    }

    private ArrayNode run(int[] milestones, Episodes episodes) throws Exception {
        ArrayNode points = MAPPER.createArrayNode();
        Ingest before = null;
        for (int milestone : milestones) {
            ObjectNode point = MAPPER.createObjectNode().put("memories", milestone);
            try (Service service = Service.start(application, data, flags)) {
                Ingest ingest = new Ingest(service.port(), SPACE, episodes, before == null ? 0 : before.written());
                if (before == null) {
                    point.put("startEmptySeconds", service.startUp().toMillis() / 1e3);
                    ingest.createSpace();
                }
                point.put("ingestPerSecond", ingest.fill(milestone));
                ServiceUse use = new ServiceUse(service, data);
                if (trained && before == null) {
                    point.set("training", train(service));
                }
                point.put("settledAfterSeconds", use.settle());
                System.err.println(point);
                recalls(service, point);
                point.set("use", use.measure());
                point.put("memoriesWhenMeasured", ingest.written());
                mixed(service, ingest, use, point);
                before = ingest;
            }
            restart(point);
            points.add(point);
            System.err.println(point);
        }
        return points;
    }

    private void recalls(Service service, ObjectNode point) throws Exception {
        RecallLoad load = new RecallLoad(service.port(), SPACE, states);
        load.warmUp();
        point.set("readingSettings", load.floor(states.size()));
        ArrayNode quality = point.putArray("recalls");
        for (int k : new int[] {1, 10, 100}) {
            quality.add(recall(load, 1, k, Selection.ALL));
        }
        for (Selection selection : List.of(Selection.EXPLORERS, Selection.TENTH, Selection.HUNDREDTH)) {
            quality.add(recall(load, 1, 10, selection));
        }
        quality.add(recall(load, 8, 10, Selection.ALL));
    }

    private static ObjectNode recall(RecallLoad load, int clients, int k, Selection selection) throws Exception {
        ObjectNode figures = load.closed(clients, k, selection);
        figures.put("k", k).put("share", selection.share());
        figures.put("recall", load.quality(CHECKED, k, selection));
        System.err.println(figures);
        return figures;
    }

    /** Recalls at one fixed rate, first alone, then while memories are written at half the rate of the filling before. */
    private void mixed(Service service, Ingest ingest, ServiceUse use, ObjectNode point) throws Exception {
        RecallLoad load = new RecallLoad(service.port(), SPACE, states);
        double greatest = point.get("recalls")
                .get(point.get("recalls").size() - 1)
                .get("perSecond")
                .doubleValue();
        point.set("halfRate", load.open(greatest / 2, atRate));
        double rate = greatest / 10;
        double writing = point.get("ingestPerSecond").doubleValue() / 2;
        load.open(rate, atRate.dividedBy(2));
        ObjectNode mixed = point.putObject("whileIngesting");
        mixed.set("idle", load.open(rate, atRate));
        try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
            Future<ObjectNode> written = beside.submit(() -> ingest.stream(writing, atRate.plusSeconds(1)));
            Thread.sleep(500);
            mixed.set("busy", load.open(rate, atRate));
            mixed.set("ingest", written.get());
        }
        point.put("settledAgainAfterSeconds", use.settle());
        point.set("singleWrites", ingest.singles(16, SINGLES));
    }

    private void restart(ObjectNode point) throws IOException, InterruptedException {
        try (Service service = Service.start(application, data, flags);
                Connection connection = new Connection(service.port())) {
            point.put("startFullSeconds", service.startUp().toMillis() / 1e3);
            long begin = System.nanoTime();
            connection
                    .send("POST", SPACE + "/recall", MAPPER.readTree("{\"state\":" + states.getFirst() + "}"))
                    .expect(200);
            point.put("firstRecallMilliseconds", (System.nanoTime() - begin) / 1e6);
        }
    }

    private static ObjectNode train(Service service) throws IOException, InterruptedException {
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
            return MAPPER.createObjectNode()
                    .put("status", run.get("status").textValue())
                    .put("seconds", (System.nanoTime() - begin) / 1e9);
        }
    }
}
