package engram.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.redis.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application on a Redis that dies, and then the application dies as well. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class OutageIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int WRITES = 25;

    @TempDir
    Path directory = Path.of("");

    @Test
    void deliversWhatItTookBeforeItWasKilledAndWhatItTookBeforeRedisCameBack() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        try (RedisServer redis = RedisServer.start(directory)) {
            String[] options = {"-Dengram.store=redis", "-Dquarkus.redis.hosts=" + redis.address()};
            try (ServiceProcess service = ServiceProcess.serve(directory, options)) {
                service.send("PUT", "/v1/spaces/world", "{\"encoder\":{\"trainAfter\":0}}", 201);
                write(service, "first", 201, acknowledged);
                redis.kill();
                write(service, "second", 202, acknowledged);
                service.kill();
            }
            try (ServiceProcess service = ServiceProcess.serve(directory, options)) {
                write(service, "third", 202, acknowledged);
                service.send("POST", "/v1/spaces/world/recall", "{\"state\":{\"health\":1}}", 503);
                service.send("GET", "/v1/spaces/world/memories", "", 503);
                assertThat(service.stop()).isEqualTo(143);
            }
            try (ServiceProcess service = ServiceProcess.serve(directory, options)) {
                write(service, "fourth", 202, acknowledged);
                redis.start();
                List<String> stored = List.of();
                while (stored.size() < acknowledged.size()) {
                    assertThat(service.process().waitFor(100, TimeUnit.MILLISECONDS))
                            .isFalse();
                    stored = stored(service);
                }
                assertThat(stored).containsExactlyInAnyOrderElementsOf(acknowledged);
                write(service, "fifth", 201, acknowledged);
                assertThat(stored(service)).containsExactlyInAnyOrderElementsOf(acknowledged);
            }
        }
    }

    private static void write(ServiceProcess service, String prefix, int expected, List<String> acknowledged)
            throws IOException, InterruptedException {
        for (int i = 0; i < WRITES; i++) {
            String id = prefix + "-" + i;
            service.send(
                    "POST",
                    "/v1/spaces/world/memories",
                    "{\"id\":\"" + id + "\",\"agent\":\"a\",\"state\":{\"health\":" + i + "}}",
                    expected);
            acknowledged.add(id);
        }
    }

    /** The ids of all memories; none while Redis is away. */
    private static List<String> stored(ServiceProcess service) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        try {
            JsonNode page =
                    MAPPER.readTree(service.send("GET", "/v1/spaces/world/memories?limit=1000&order=oldest", "", 200));
            page.path("items").forEach(item -> ids.add(item.path("id").asText()));
        } catch (AssertionError e) {
            if (!String.valueOf(e.getMessage()).contains("503")) {
                throw e;
            }
        }
        return ids;
    }
}
