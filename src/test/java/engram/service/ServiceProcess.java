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
import java.util.stream.Stream;

/**
 * The packaged application in a process of its own, with the data directory {@code data} and the log {@code log} in the
 * directory of a test. Closing kills it.
 */
record ServiceProcess(Process process, int port, Path log) implements AutoCloseable {
    private static final Path APPLICATION =
            Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
    /** The native binary that is tested in place of the JVM's package; empty for the latter. */
    private static final String BINARY = System.getProperty("engram.binary", "");

    /** More options of the JVM, such as an agent. */
    private static final List<String> JVM_OPTIONS = Stream.of(
                    System.getProperty("engram.jvm-options", "").split(" ", -1))
            .filter(option -> !option.isEmpty())
            .toList();

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int PATIENCE_SECONDS = 60;

    /** Starts a service and waits until it is ready. */
    static ServiceProcess serve(Path directory, String... options) throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        List<String> all = new ArrayList<>(List.of(options));
        all.add("-Dquarkus.http.port=" + port);
        Process process = start(directory, all, List.of());
        ServiceProcess service = new ServiceProcess(process, port, directory.resolve("log"));
        try {
            service.awaitReady();
        } catch (IOException | InterruptedException | AssertionError e) {
            service.close();
            throw e;
        }
        return service;
    }

    /** Starts the application with its output in the log, both streams together. */
    static Process start(Path directory, List<String> options, List<String> arguments) throws IOException {
        return builder(directory, options, arguments)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    /** How a command ended. */
    record Ended(int exitCode, String out, String err) {}

    /** Runs a command to its end. */
    static Ended command(Path directory, String... arguments) throws IOException, InterruptedException {
        return command(directory, List.of(), arguments);
    }

    static Ended command(Path directory, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "command", ".out");
        Path err = Files.createTempFile(directory, "command", ".err");
        Process process = builder(directory, options, List.of(arguments))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("it ends by itself: " + List.of(arguments))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static ProcessBuilder builder(Path directory, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (BINARY.isEmpty()) {
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:ErrorFile=" + directory.resolve("hs_err.log")));
            if (arguments.isEmpty()) {
                command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
            }
            command.addAll(JVM_OPTIONS);
        } else {
            command.add(BINARY);
        }
        command.add("-Xmx512m");
        command.add("-Dengram.data-dir=" + directory.resolve("data"));
        command.addAll(options);
        if (BINARY.isEmpty()) {
            command.addAll(List.of("-jar", APPLICATION.toString()));
        }
        command.addAll(arguments);
        return new ProcessBuilder(command).directory(directory.toFile());
    }

    private void awaitReady() throws IOException, InterruptedException {
        long patience = Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
        for (long end = System.nanoTime() + patience; System.nanoTime() < end; ) {
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

    /** Sends SIGTERM and waits for the end. */
    int stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("it stops when it is asked to")
                .isTrue();
        return process.exitValue();
    }

    /** Kills it, so that it can tidy up nothing. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    String send(String method, String path, String body, int expected) throws IOException, InterruptedException {
        HttpResponse<String> response = response(method, path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(expected);
        return response.body();
    }

    private HttpResponse<String> response(String method, String path, String body)
            throws IOException, InterruptedException {
        return response(method, path, body, "Content-Type", "application/json");
    }

    /** @param headers names and values in turn */
    HttpResponse<String> response(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(address() + path))
                        .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                        .headers(headers)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The data of the first server-sent event of a stream that may not end. */
    String firstEvent(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + path))
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                .headers(headers)
                .header("Accept", "text/event-stream")
                .build();
        try (Stream<String> lines =
                CLIENT.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            return lines.filter(line -> line.startsWith("data:")).findFirst().orElseThrow();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
