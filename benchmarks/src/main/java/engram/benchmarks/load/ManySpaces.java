package engram.benchmarks.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.benchmarks.vectors.Episodes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Many spaces with as many memories each in one service: the rate of writing them one after the other, recalls that go to
 * all of them by turns, what the service uses, and the start and the first recall of every space after it.
 *
 * <p>Arguments: the project's directory, where episodes are kept, an empty working directory, {@code embedded} or the
 * address of a Redis, how many spaces, how many memories each. Prints one JSON object.
 */
public final class ManySpaces {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int RECALLS_EACH = 20;

    private ManySpaces() {}

    /** Measures and prints. */
    public static void main(String... arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Path kept = Path.of(arguments[1]);
        Path data =
                Files.createDirectories(Path.of(arguments[2]).toAbsolutePath()).resolve("data");
        List<String> flags = Service.flags(arguments[3]);
        int spaces = Integer.parseInt(arguments[4]);
        int each = Integer.parseInt(arguments[5]);
        Path application = home.resolve("target/quarkus-app/quarkus-run.jar");
        List<byte[]> recalls = new ArrayList<>();
        try (Episodes asked = new Episodes(home, kept, 21, false)) {
            for (String memory : asked.next(RECALLS_EACH * spaces)) {
                recalls.add(("{\"k\":10,\"state\":" + MAPPER.readTree(memory).get("state") + "}")
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        ObjectNode figures = MAPPER.createObjectNode().put("spaces", spaces).put("memoriesEach", each);
        Request recall = (connection, place) -> connection
                .send("POST", space(place % spaces) + "/recall", recalls.get(place % recalls.size()))
                .expect(200);
        try (Service service = Service.start(application, data, flags);
                Episodes episodes = new Episodes(home, kept, 11, true)) {
            episodes.prepare(spaces * each);
            long begin = System.nanoTime();
            for (int number = 0; number < spaces; number++) {
                Ingest ingest = new Ingest(service.port(), space(number), episodes, 0);
                ingest.createSpace();
                ingest.fill(each);
            }
            figures.put("ingestPerSecond", (double) spaces * each / ((System.nanoTime() - begin) / 1e9));
            ServiceUse use = new ServiceUse(service, data);
            figures.put("settledAfterSeconds", use.settle());
            ArrayNode measured = figures.putArray("recalls");
            for (int clients : new int[] {1, 8}) {
                new ClosedLoop(service.port(), clients, recalls.size()).run(recall);
                measured.add(new ClosedLoop(service.port(), clients, recalls.size()).run(recall));
            }
            figures.set("use", use.measure());
        }
        try (Service service = Service.start(application, data, flags)) {
            figures.put("startFullSeconds", service.startUp().toMillis() / 1e3);
            figures.set("firstRecalls", new ClosedLoop(service.port(), 1, spaces).run(recall));
            figures.set("useAfterStart", new ServiceUse(service, data).measure());
        }
        System.out.println(figures);
    }

    private static String space(int number) {
        return "/v1/spaces/world-" + number;
    }
}
