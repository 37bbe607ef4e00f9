package engram.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.redis.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged application as a process that is asked to stop while PyTorch is at work. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ShutdownIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int BATCH = 1_000;

    @TempDir
    Path directory = Path.of("");

    @Test
    void stopsInTheMiddleOfATraining() throws Exception {
        String run;
        try (ServiceProcess service = ServiceProcess.serve(directory)) {
            fill(service, 1);
            run = train(service, "{\"training\":{\"epochs\":10000,\"patience\":0,\"batch\":16}}");
            await(service, run, "epoch");
            assertThat(service.stop()).isEqualTo(143);
        }
        assertThat(directory.resolve("hs_err.log")).doesNotExist();
        try (ServiceProcess service = ServiceProcess.serve(directory)) {
            JsonNode ended = get(service, "/v1/runs/" + run);
            assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("cancelled");
            assertThat(get(service, "/v1/spaces/world/statistics")
                            .path("memories")
                            .asInt())
                    .as(get(service, "/v1/spaces/world/statistics").toString())
                    .isEqualTo(BATCH);
            assertThat(service.stop()).isEqualTo(143);
        }
    }

    @Test
    void stopsInTheMiddleOfAReEmbedding() throws Exception {
        String run;
        try (ServiceProcess service = ServiceProcess.serve(directory)) {
            fill(service, 8);
            run = train(service, "{\"activation\":\"always\",\"sample\":500,\"training\":{\"epochs\":1}}");
            await(service, run, "embedded");
            assertThat(service.stop()).isEqualTo(143);
        }
        assertThat(directory.resolve("hs_err.log")).doesNotExist();
        try (ServiceProcess service = ServiceProcess.serve(directory)) {
            JsonNode ended = get(service, "/v1/runs/" + run);
            // On a machine that is fast enough it was done already.
            assertThat(ended.path("status").asText()).as(ended.toString()).isIn("cancelled", "succeeded");
            assertThat(service.send("POST", "/v1/spaces/world/recall", "{\"state\":{\"health\":7},\"k\":3}", 200))
                    .contains("\"score\"");
        }
        ServiceProcess.Ended checked = ServiceProcess.command(directory, "check");
        assertThat(checked.exitCode()).as(checked.out() + checked.err()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "redis"})
    void tellsTheSpaceWhatAnAgentLivedThrough(String store) throws Exception {
        try (RedisServer redis = RedisServer.start(directory)) {
            String[] options = {"-Dengram.store=" + store, "-Dquarkus.redis.hosts=" + redis.address()};
            try (ServiceProcess service = ServiceProcess.serve(directory, options)) {
                service.send("PUT", "/v1/spaces/world", "{\"encoder\":{\"trainAfter\":0}}", 201);
                service.send(
                        "POST",
                        "/v1/agents",
                        "{\"id\":\"ada\",\"space\":\"world\",\"environment\":\"CartPole-v1\",\"algorithm\":\"dqn\"}",
                        201);
                String step = "{\"observation\":[0,0,0,0],\"action\":1,\"reward\":1,\"nextObservation\":[0,0,0,1]}";
                service.send(
                        "POST",
                        "/v1/agents/ada/observe",
                        "{\"transitions\":[" + String.join(",", Collections.nCopies(BATCH, step)) + "]}",
                        200);
                assertThat(service.stop()).isEqualTo(143);
                assertThat(service.log())
                        .content()
                        .doesNotContain("space is away")
                        .doesNotContain(" ERROR ");
            }
            try (ServiceProcess service = ServiceProcess.serve(directory, options)) {
                assertThat(get(service, "/v1/agents/ada").path("steps").asInt()).isEqualTo(BATCH);
                assertThat(get(service, "/v1/spaces/world/statistics")
                                .path("memories")
                                .asInt())
                        .isEqualTo(BATCH);
            }
        }
    }

    private static void fill(ServiceProcess service, int batches) throws IOException, InterruptedException {
        service.send("PUT", "/v1/spaces/world", "{\"encoder\":{\"trainAfter\":0}}", 201);
        for (int batch = 0; batch < batches; batch++) {
            int from = batch * BATCH;
            String memories = IntStream.range(from, from + BATCH)
                    .mapToObj(i -> "{\"agent\":\"a" + from + "\",\"step\":" + i + ",\"state\":{\"health\":" + i % 100
                            + ",\"energy\":" + i * 7 % 100 + "}}")
                    .collect(Collectors.joining(","));
            service.send("POST", "/v1/spaces/world/memories/batch", "{\"memories\":[" + memories + "]}", 200);
        }
    }

    private static String train(ServiceProcess service, String settings) throws IOException, InterruptedException {
        return MAPPER.readTree(service.send("POST", "/v1/spaces/world/encoders", settings, 202))
                .path("id")
                .asText();
    }

    private static void await(ServiceProcess service, String run, String word)
            throws IOException, InterruptedException {
        JsonNode now;
        do {
            assertThat(service.process().waitFor(10, TimeUnit.MILLISECONDS)).isFalse();
            now = get(service, "/v1/runs/" + run);
            assertThat(now.path("status").asText()).as(now.toString()).isNotIn("failed", "cancelled");
        } while (!now.path("message").asText().contains(word));
    }

    private static JsonNode get(ServiceProcess service, String path) throws IOException, InterruptedException {
        return MAPPER.readTree(service.send("GET", path, "", 200));
    }
}
