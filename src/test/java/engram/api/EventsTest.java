package engram.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@Timeout(60)
class EventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource("/")
    URI base = URI.create("/");

    @Test
    void tellsChangesAsTheyHappenAndResumes() throws Exception {
        String space = Api.newSpace();
        Api.store(space, "{\"id\":\"before\",\"agent\":\"a\",\"state\":{\"health\":1}}");
        String last;
        try (Stream live = open(space + "/changes", null)) {
            assertThat(live.nextLine()).startsWith(":");
            Api.store(space, "{\"id\":\"one\",\"agent\":\"a\",\"state\":{\"health\":2}}");
            Map<String, String> event = live.nextEvent();
            assertThat(event.get("event")).isEqualTo("new");
            JsonNode change = JSON.readTree(event.get("data"));
            assertThat(change.path("id").textValue()).isEqualTo("one");
            assertThat(change.path("tier").textValue()).isEqualTo("STM");
            assertThat(change.path("sequence").asText()).isEqualTo(event.get("id"));
            last = String.valueOf(event.get("id"));
        }
        Api.delete(space + "/memories/one").statusCode(204);
        Api.store(space, "{\"id\":\"two\",\"agent\":\"a\",\"state\":{\"health\":3}}");
        try (Stream resumed = open(space + "/changes", last)) {
            assertThat(resumed.nextEvent()).containsEntry("event", "deleted");
            assertThat(resumed.nextEvent().get("data")).contains("\"two\"");
        }
        try (Stream all = open(space + "/changes?after=0", null)) {
            assertThat(all.nextEvent().get("data")).contains("\"before\"");
        }
    }

    @Test
    void tellsTheProgressOfARunUntilItEnds() throws Exception {
        String space = Api.newSpace();
        StringBuilder memories = new StringBuilder();
        for (int i = 0; i < 80; i++) {
            memories.append(i == 0 ? "" : ",")
                    .append("{\"agent\":\"a\",\"state\":{\"health\":" + i + ",\"energy\":" + (i * 37) % 100 + "}}");
        }
        Api.post(space + "/memories/batch", "{\"memories\":[" + memories + "]}").statusCode(200);
        String run = Api.post(space + "/encoders", "{\"activation\":\"always\",\"training\":{\"epochs\":1}}")
                .statusCode(202)
                .extract()
                .header("Location");
        JsonNode state = JSON.createObjectNode();
        try (Stream events = open(run + "/events", null)) {
            for (Map<String, String> event = events.nextEvent(); !event.isEmpty(); event = events.nextEvent()) {
                assertThat(event).containsEntry("event", "run");
                state = JSON.readTree(event.get("data"));
            }
        }
        assertThat(state.path("status").textValue()).as(state.toString()).isEqualTo("succeeded");
        assertThat(state.path("result").path("activated").booleanValue()).isTrue();
        Api.get(run).statusCode(200);
        Api.get(space + "/encoders").statusCode(200);
        assertThat(Api.get(space + "/encoders").extract().<Integer>path("items.find { it.active }.version"))
                .isEqualTo(1);
        assertThat(Api.post(space + "/recall", "{\"state\":{\"health\":5},\"k\":1}")
                        .statusCode(200)
                        .extract()
                        .<Integer>path("encoder"))
                .isEqualTo(1);
        Api.get("/v1/runs?subject=" + space.replace("/v1/spaces/", "") + "&status=succeeded")
                .statusCode(200);
        Api.delete(run).statusCode(202);
        Api.get("/v1/runs?status=done").statusCode(400);
        Api.get("/v1/runs/nope").statusCode(404);
        Api.get("/v1/runs/nope/events").statusCode(404).contentType("application/problem+json");
    }

    private Stream open(String path, @org.jspecify.annotations.Nullable String lastEventId)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<java.io.InputStream> response =
                client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        return new Stream(client, new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
    }

    /** Server-sent events as they come. */
    private record Stream(HttpClient client, BufferedReader lines) implements AutoCloseable {
        String nextLine() throws IOException {
            return String.valueOf(lines.readLine());
        }

        /** The fields of the next event; empty at the end of the stream. Comments are passed over. */
        Map<String, String> nextEvent() throws IOException {
            Map<String, String> event = new HashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty() && !event.isEmpty()) {
                    return event;
                }
                int colon = line.indexOf(':');
                if (colon > 0) {
                    event.merge(
                            line.substring(0, colon), line.substring(colon + 1).strip(), String::concat);
                }
            }
            return event;
        }

        @Override
        public void close() {
            client.shutdownNow();
        }
    }
}
