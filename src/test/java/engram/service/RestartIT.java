package engram.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application as a process: what it keeps when it stops, and when it does not start. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RestartIT {
    @TempDir
    Path directory = Path.of("");

    @Test
    void keepsItsDataWhenItIsStoppedAndWhenItIsKilled() throws Exception {
        try (ServiceProcess service = ServiceProcess.serve(directory)) {
            service.send("PUT", "/v1/spaces/world", "{}", 201);
            service.send("POST", "/v1/spaces/world/memories", memory("one"), 201);
            service.stop();
        }
        try (ServiceProcess service = ServiceProcess.serve(directory)) {
            assertThat(service.send("GET", "/v1/spaces/world/memories/one", "", 200))
                    .contains("\"health\":80");
            service.send("POST", "/v1/spaces/world/memories", memory("two"), 201);
            service.kill();
        }
        try (ServiceProcess service = ServiceProcess.serve(directory)) {
            assertThat(service.send("POST", "/v1/spaces/world/recall", "{\"state\":{\"health\":80}}", 200))
                    .contains("\"id\":\"one\"", "\"id\":\"two\"");
        }
    }

    @Test
    void refusesADirectoryThatAnotherServiceHas() throws Exception {
        try (ServiceProcess service = ServiceProcess.serve(directory)) {
            service.send("GET", "/v1/spaces", "", 200);
            assertThat(refusal("-Dquarkus.http.port=0"))
                    .contains("engram does not start")
                    .contains("in use by another Engram");
        }
    }

    @Test
    void refusesWhatItMustNotDo() throws Exception {
        assertThat(refusal("-Dquarkus.http.host=0.0.0.0", "-Dquarkus.http.port=0"))
                .contains("engram.access.allow-unauthenticated")
                .doesNotContain("\tat ");
        assertThat(refusal("-Dengram.store=shelf")).contains("must be embedded or redis");
        assertThat(refusal("-Dengram.limits.bodysize=1M")).contains("engram.limits.bodysize");
        assertThat(refusal("-Dengram.device=abacus")).contains("engram.device");
    }

    private static String memory(String id) {
        return "{\"id\":\"" + id + "\",\"agent\":\"a\",\"state\":{\"health\":80}}";
    }

    /** What a service that does not start prints. */
    private String refusal(String... properties) throws IOException, InterruptedException {
        Process process = ServiceProcess.start(directory, List.of(properties), List.of());
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("it ends by itself")
                .isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        return Files.readString(directory.resolve("log"));
    }
}
