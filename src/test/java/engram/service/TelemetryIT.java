package engram.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged application beside a collector that listens on HTTP/2, as gRPC needs it, and on HTTP/1.1. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TelemetryIT {
    private static final String SPACES = "/v1/spaces/observed";

    @TempDir
    Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"grpc", "http/protobuf"})
    void sendsSpansToTheCollector(String protocol) throws Exception {
        try (Collector collector = new Collector();
                ServiceProcess service = ServiceProcess.serve(
                        directory,
                        "-Dotel.exporter.otlp.endpoint=http://127.0.0.1:" + collector.port(),
                        "-Dquarkus.otel.exporter.otlp.protocol=" + protocol,
                        "-Dquarkus.otel.bsp.schedule.delay=100ms")) {
            use(service);
            collector.await("engram.recall");
            collector.await("POST /v1/spaces/{space}/recall");
            assertThat(collector.paths())
                    .contains(
                            protocol.equals("grpc")
                                    ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
                                    : "/v1/traces");
        }
    }

    @Test
    void worksOnWhenTheCollectorIsAway() throws Exception {
        int port;
        try (Collector collector = new Collector()) {
            port = collector.port();
        }
        try (ServiceProcess service = ServiceProcess.serve(
                directory,
                "-Dotel.exporter.otlp.endpoint=http://127.0.0.1:" + port,
                "-Dquarkus.otel.bsp.schedule.delay=100ms")) {
            use(service);
            assertThat(service.stop()).isEqualTo(143);
        }
    }

    private static void use(ServiceProcess service) throws Exception {
        service.send("PUT", SPACES, "{}", 201);
        service.send("POST", SPACES + "/memories", "{\"agent\":\"ada\",\"state\":{\"health\":1}}", 201);
        service.send("POST", SPACES + "/recall", "{\"state\":{\"health\":1},\"k\":1}", 200);
    }

    /** Keeps what it is sent, and answers that all is well. */
    private static final class Collector implements AutoCloseable {
        private final Vertx vertx = Vertx.vertx();
        private final Map<String, List<String>> bodies = new ConcurrentHashMap<>();
        private final HttpServer server;

        Collector() {
            server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1"))
                    .requestHandler(this::take)
                    .listen(0)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }

        private void take(HttpServerRequest request) {
            request.body().onSuccess(body -> {
                bodies.computeIfAbsent(request.path(), path -> new CopyOnWriteArrayList<>())
                        .add(body.toString(StandardCharsets.ISO_8859_1));
                boolean grpc = request.path().endsWith("/Export");
                request.response()
                        .putHeader("content-type", grpc ? "application/grpc+proto" : "application/x-protobuf");
                if (grpc) {
                    request.response().putHeader("grpc-status", "0");
                }
                request.response().end();
            });
        }

        int port() {
            return server.actualPort();
        }

        List<String> paths() {
            return List.copyOf(bodies.keySet());
        }

        /** Waits until a text has come in one of the bodies, which are protocol buffers with texts as they are. */
        void await(String text) throws InterruptedException {
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (bodies.values().stream().flatMap(List::stream).noneMatch(body -> body.contains(text))) {
                assertThat(System.nanoTime())
                        .as("'%s' comes to %s", text, paths())
                        .isLessThan(end);
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }

        @Override
        public void close() {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
