package engram.service.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import engram.memory.embedded.EmbeddedMaintenance;
import engram.memory.embedded.EmbeddedSpaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfers through a service that does not behave; the one that does is met by {@code CommandsIT}. */
class RemoteTransferTest {
    private static final String SPACE = "/v1/spaces/world";
    private static final String EXPORT = "{\"format\":\"engram-memories\",\"version\":1}\n";
    private static final String END = "{\"end\":{\"memories\":0,\"sha256\":\"\"}}\n";

    @TempDir
    Path directory = Path.of("");

    private HttpServer server = notStarted();
    private String url = "";

    @BeforeEach
    void start() {
        url = "http://127.0.0.1:" + server.getAddress().getPort();
        answer(SPACE, 200, "application/json", "{\"name\":\"world\"}");
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", EXPORT, EXPORT + "{\"id\":\"m\"}\n", EXPORT + "{\"end\":{\"memories\":0,\"sha256\":\"\"}}"})
    void takesAnExportWithoutItsLastLineForBroken(String export) {
        answer(SPACE + "/exports", 200, "application/x-ndjson", export);
        Path file = directory.resolve("world.ndjson");
        Shell.Ended broken = shell().run("export", "world", file.toString(), "--url", url);
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.err()).contains("the export broke off before its last line");
        assertThat(file).doesNotExist();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void takesAConnectionThatBreaksForBroken() {
        server.createContext(SPACE + "/exports", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write(END.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            exchange.close();
        });
        Shell.Ended broken = shell().run("export", "world", "--url", url + "/");
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.err()).contains("the connection to " + url, "broke");
    }

    @Test
    void passesOnWhatTheServiceRefuses() throws IOException {
        answer(SPACE + "/imports", 413, "application/problem+json", "{\"detail\":\"the body is too large\"}");
        Path file = Files.writeString(directory.resolve("f"), EXPORT);
        Shell.Ended refused = shell().run("import", "world", file.toString(), "--url", url);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("the service at " + url + " refuses: the body is too large");
    }

    @Test
    void recognisesWhatIsNoEngram() {
        answer("/v1/spaces/other", 404, "text/html", "<html>");
        assertThat(shell().run("export", "other", "--url", url).err()).contains("is no Engram", "status 404");
        answer("/v1/spaces/third", 200, "text/html", "<html>");
        assertThat(shell().run("export", "third", "--url", url).err()).contains("is no Engram");
        server.stop(0);
        assertThat(shell().run("export", "world", "--url", url).err()).contains("nothing answers at " + url);
    }

    @Test
    void asksOnlyTheServiceThatHasTheDirectory() {
        AtomicReference<String> instance = new AtomicReference<>("another");
        server.createContext("/q/health/ready", exchange -> {
            byte[] health =
                    ("{\"checks\":[{\"data\":{\"instance\":\"" + instance + "\"}}]}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(503, health.length);
            exchange.getResponseBody().write(health);
            exchange.close();
        });
        answer(SPACE + "/exports", 200, "application/x-ndjson", EXPORT + END);
        try (EmbeddedSpaces memory = EmbeddedSpaces.open(directory.resolve("data"))) {
            assertThat(memory.spaces().names()).isEmpty();
            Shell.Ended refused = shell().run("export", "world");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("in use", "the service that has it is not at " + url, "--url");
            instance.set(EmbeddedMaintenance.holder(directory.resolve("data"))
                    .orElseThrow()
                    .instance());
            Shell.Ended done = shell().run("export", "world");
            assertThat(done.err()).contains("the service at " + url + " does it", "exported 0 memories");
            assertThat(done.out()).isEqualTo(EXPORT + END);
        }
    }

    private Shell shell() {
        return new Shell(directory.resolve("data"), Optional.of(url));
    }

    private void answer(String path, int status, String type, String body) {
        server.createContext(path, exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", type);
            // No body is -1; 0 would be one of unknown length.
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private static HttpServer notStarted() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
