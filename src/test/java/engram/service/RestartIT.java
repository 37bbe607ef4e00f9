package engram.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application as a process: what it keeps when it stops, and when it does not start. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RestartIT {
    private static final Path APPLICATION = Path.of("target/quarkus-app/quarkus-run.jar");

    @TempDir
    Path directory = Path.of("");

    @Test
    void keepsItsDataWhenItIsStoppedAndWhenItIsKilled() throws Exception {
        try (Running service = serve()) {
            service.send("PUT", "/v1/spaces/world", "{}", 201);
            service.send("POST", "/v1/spaces/world/memories", memory("one"), 201);
            service.process().destroy();
            assertThat(service.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        try (Running service = serve()) {
            assertThat(service.send("GET", "/v1/spaces/world/memories/one", "", 200))
                    .contains("\"health\":80");
            service.send("POST", "/v1/spaces/world/memories", memory("two"), 201);
            service.process().destroyForcibly();
            service.process().waitFor();
        }
        try (Running service = serve()) {
            assertThat(service.send("POST", "/v1/spaces/world/recall", "{\"state\":{\"health\":80}}", 200))
                    .contains("\"id\":\"one\"", "\"id\":\"two\"");
        }
    }

    @Test
    void refusesADirectoryThatAnotherServiceHas() throws Exception {
        try (Running service = serve()) {
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
        assertThat(refusal("-Dengram.store=redis")).contains("redis is not part of this version");
        assertThat(refusal("-Dengram.limits.bodysize=1M")).contains("engram.limits.bodysize");
        assertThat(refusal("-Dengram.device=abacus")).contains("engram.device");
    }

    private static String memory(String id) {
        return "{\"id\":\"" + id + "\",\"agent\":\"a\",\"state\":{\"health\":80}}";
    }

    private Running serve() throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Running service = new Running(start("-Dquarkus.http.port=" + port), port, directory.resolve("log"));
        service.awaitReady();
        return service;
    }

    /** What a service that does not start prints. */
    private String refusal(String... properties) throws IOException, InterruptedException {
        Process process = start(properties);
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("it ends by itself")
                .isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        return Files.readString(directory.resolve("log"));
    }

    private Process start(String... properties) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-Dengram.data-dir=" + directory.resolve("data")));
        command.addAll(List.of(properties));
        command.addAll(List.of("-jar", APPLICATION.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    /** A service that runs in another process; closing kills it. */
    private record Running(Process process, int port, Path log) implements AutoCloseable {
        private static final HttpClient CLIENT = HttpClient.newHttpClient();

        void awaitReady() throws IOException, InterruptedException {
            for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos(); System.nanoTime() < end; ) {
                assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
                try {
                    if (response("GET", "/q/health/ready", "").statusCode() == 200) {
                        return;
                    }
                } catch (IOException e) {
                    // It does not listen yet.
                    process.waitFor(50, TimeUnit.MILLISECONDS);
                }
            }
            throw new UncheckedIOException(new IOException("not ready: " + Files.readString(log)));
        }

        String send(String method, String path, String body, int expected) throws IOException, InterruptedException {
            HttpResponse<String> response = response(method, path, body);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(expected);
            return response.body();
        }

        private HttpResponse<String> response(String method, String path, String body)
                throws IOException, InterruptedException {
            return CLIENT.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(30))
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
