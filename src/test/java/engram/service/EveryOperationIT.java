package engram.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.DocumentedOperations;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Uses every operation of the committed OpenAPI document, with success, of the packaged application: the JVM's or the
 * native binary. An operation that is added without its use here fails the test.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class EveryOperationIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SPACE = "/v1/spaces/{space}";
    private static final String AGENT = "/v1/agents/{agent}";
    private static final String INSTANCE = "/v1/environments/{name}/instances/{id}";

    @TempDir
    Path directory = Path.of("");

    @Test
    void everyOperationWorks() throws Exception {
        ServiceProcess.Ended key =
                ServiceProcess.command(directory, "key", "create", "--name", "first", "--grant", "*:admin", "--json");
        assertThat(key.exitCode()).as(key.err()).isZero();
        JsonNode created = JSON.readTree(key.out());
        try (ServiceProcess process = ServiceProcess.serve(
                directory,
                "-Dengram.access.required=true",
                "-Dengram.encoder.train-after=0",
                "-Dengram.consolidation.every=off",
                "-Dengram.consolidation.check-every=off")) {
            Caller caller = new Caller(process, created.path("secret").textValue());
            caller.with("space", "world");
            memories(caller);
            transfers(caller);
            encoders(caller);
            experiences(caller);
            environments(caller);
            agents(caller);
            keys(caller);
            caller.ok("DELETE", SPACE + "/memories?all=true", "");
            caller.ok("DELETE", SPACE, "");
            assertThat(caller.used).isEqualTo(DocumentedOperations.read());
            assertThat(process.stop()).isEqualTo(143);
        }
    }

    private static void memories(Caller caller) throws Exception {
        caller.ok("PUT", SPACE, "{\"tiers\":{\"stm\":{\"capacity\":30}}}");
        caller.ok("GET", SPACE, "");
        caller.ok("GET", "/v1/spaces", "");
        caller.ok(
                "POST",
                SPACE + "/memories",
                "{\"id\":\"told\",\"agent\":\"ada\",\"text\":\"a red fox by the river\",\"state\":{\"health\":1}}");
        String batch = IntStream.range(0, 80)
                .mapToObj(i -> "{\"id\":\"m" + i + "\",\"agent\":\"ada\",\"step\":" + i + ",\"state\":{\"health\":" + i
                        + ",\"energy\":" + i * 37 % 100 + "}}")
                .collect(Collectors.joining(","));
        caller.ok("POST", SPACE + "/memories/batch", "{\"memories\":[" + batch + "]}");
        caller.ok("GET", SPACE + "/memories?limit=5", "");
        caller.ok("POST", SPACE + "/memories/query", "{\"filter\":{\"field\":\"payload.x\",\"exists\":false}}");
        caller.with("id", "m7");
        caller.ok("GET", SPACE + "/memories/{id}", "");
        caller.ok("PATCH", SPACE + "/memories/{id}", "{\"importance\":0.9}");
        caller.ok("GET", SPACE + "/memories/{id}/state", "");
        JsonNode near = caller.ok("POST", SPACE + "/recall", "{\"state\":{\"health\":70,\"energy\":90},\"k\":1}");
        assertThat(near.path("matches").path(0).path("id").textValue()).isEqualTo("m70");
        caller.ok("POST", SPACE + "/recall", "{\"text\":\"an animal near water\",\"k\":1}");
        caller.ok("POST", SPACE + "/embeddings", "{\"texts\":[\"one\"]}");
        caller.ok("DELETE", SPACE + "/memories/{id}", "");
        caller.ok("POST", SPACE + "/consolidations", "{}");
        caller.with("agent", "ada");
        caller.ok("GET", SPACE + "/agents", "");
        caller.ok("GET", SPACE + "/agents/{agent}/history?attribute=health", "");
        caller.ok("GET", SPACE + "/agents/{agent}/snapshots?steps=10", "");
        caller.ok("GET", SPACE + "/statistics", "");
        caller.first("GET", SPACE + "/changes?after=0");
    }

    private static void transfers(Caller caller) throws Exception {
        String exported = caller.text("POST", SPACE + "/exports", "{\"vectors\":true}");
        assertThat(exported.lines()).hasSizeGreaterThan(80);
        JsonNode imported = JSON.readTree(caller.lines("POST", SPACE + "/imports?wait=true", exported));
        assertThat(imported.path("duplicates").intValue()).isGreaterThan(70);
    }

    private static void encoders(Caller caller) throws Exception {
        caller.run("POST", SPACE + "/encoders", "{\"activation\":\"never\",\"training\":{\"epochs\":1}}");
        assertThat(caller.text("GET", "/v1/runs/{run}/events", "")).contains("succeeded");
        caller.ok("GET", "/v1/runs/{run}", "");
        caller.ok("GET", "/v1/runs", "");
        caller.ok("DELETE", "/v1/runs/{run}", "");
        caller.with("version", "1");
        caller.ok("GET", SPACE + "/encoders", "");
        caller.run("POST", SPACE + "/encoders/{version}/activation", "");
        JsonNode near = caller.ok("POST", SPACE + "/recall", "{\"state\":{\"health\":70,\"energy\":90},\"k\":1}");
        assertThat(near.path("encoder").intValue()).isEqualTo(1);
    }

    private static void experiences(Caller caller) throws Exception {
        caller.ok(
                "POST",
                SPACE + "/experiences",
                "{\"experiences\":[{\"id\":\"e1\",\"agent\":\"ada\",\"observation\":[1,0],\"action\":0,\"reward\":1,"
                        + "\"nextObservation\":[2,0],\"terminated\":true}]}");
        JsonNode drawn = caller.ok("POST", SPACE + "/experiences/sample", "{\"size\":4}");
        assertThat(drawn.path("ids")).hasSize(4);
        caller.ok("POST", SPACE + "/experiences/priorities", "{\"ids\":[\"e1\"],\"priorities\":[3]}");
    }

    private static void environments(Caller caller) throws Exception {
        caller.with("name", "CartPole-v1");
        caller.ok("GET", "/v1/environments", "");
        caller.ok("GET", "/v1/environments/{name}", "");
        JsonNode instance = caller.ok("POST", "/v1/environments/{name}/instances", "{}");
        caller.with("id", instance.path("id").textValue());
        caller.ok("POST", INSTANCE + "/reset", "{\"seed\":42}");
        caller.ok("POST", INSTANCE + "/step", "{\"action\":1}");
        caller.ok("DELETE", INSTANCE, "");
    }

    private static void agents(Caller caller) throws Exception {
        caller.with("agent", "pilot");
        caller.ok(
                "POST",
                "/v1/agents",
                "{\"id\":\"pilot\",\"environment\":\"CartPole-v1\",\"space\":\"world\",\"seed\":3,"
                        + "\"settings\":{\"network\":{\"layers\":[16]},\"start\":50,\"batch\":16}}");
        caller.ok("GET", "/v1/agents", "");
        caller.ok("GET", AGENT, "");
        String seen = "[0.1,0,0.02,0]";
        caller.ok("POST", AGENT + "/act", "{\"observation\":" + seen + ",\"values\":true}");
        caller.ok(
                "POST",
                AGENT + "/observe",
                "{\"transitions\":[{\"observation\":" + seen + ",\"action\":1,\"reward\":1,\"nextObservation\":" + seen
                        + "}]}");
        caller.with(
                "run",
                caller.ok("POST", AGENT + "/trainings", "{\"steps\":1000000}")
                        .path("id")
                        .textValue());
        caller.soon("PUT", AGENT + "/pause", "{}");
        caller.ok("DELETE", AGENT + "/pause", "");
        caller.ok("DELETE", "/v1/runs/{run}", "");
        assertThat(caller.text("GET", "/v1/runs/{run}/events", "")).contains("cancelled");
        caller.ok("POST", AGENT + "/evaluations", "{\"episodes\":2}");
        caller.run("POST", AGENT + "/trainings", "{\"steps\":600}");
        for (String algorithm : new String[] {"sac", "reinforce"}) {
            caller.with("agent", algorithm);
            caller.ok(
                    "POST",
                    "/v1/agents",
                    "{\"id\":\"" + algorithm + "\",\"environment\":\"Pendulum-v1\",\"algorithm\":\"" + algorithm
                            + "\",\"settings\":{\"network\":{\"layers\":[16]}}}");
            caller.run("POST", AGENT + "/trainings", "{\"steps\":400}");
            caller.ok("POST", AGENT + "/act", "{\"observation\":[1,0,0.5]}");
            caller.ok("DELETE", AGENT, "");
        }
    }

    private static void keys(Caller caller) throws Exception {
        JsonNode created = caller.ok("POST", "/v1/admin/keys", "{\"name\":\"friend\",\"grants\":[]}");
        String key = created.path("key").path("id").textValue();
        caller.with("key", key == null ? created.path("id").textValue() : key);
        caller.ok("GET", "/v1/admin/keys", "");
        caller.ok("GET", "/v1/admin/keys/{key}", "");
        caller.ok("POST", SPACE + "/shares", "{\"key\":\"" + caller.values.get("key") + "\",\"rights\":[\"read\"]}");
        caller.ok("GET", SPACE + "/shares", "");
        caller.ok("DELETE", SPACE + "/shares/{key}", "");
        caller.ok("PATCH", "/v1/admin/keys/{key}", "{\"name\":\"former friend\"}");
        caller.ok("DELETE", "/v1/admin/keys/{key}", "");
        caller.ok("GET", "/v1/admin/audit", "");
    }

    /** Sends requests and keeps which operations they used. */
    private static final class Caller {
        private final ServiceProcess service;
        private final String secret;
        private final Set<String> used = new TreeSet<>();
        private final Map<String, String> values = new HashMap<>();

        Caller(ServiceProcess service, String secret) {
            this.service = service;
            this.secret = secret;
        }

        /** What stands for a part of paths from now on. */
        void with(String name, String value) {
            values.put(name, value);
        }

        JsonNode ok(String method, String path, String body) throws Exception {
            String answer = text(method, path, body);
            return answer.isEmpty() ? JSON.missingNode() : JSON.readTree(answer);
        }

        String text(String method, String path, String body) throws Exception {
            return send(method, path, body, "application/json");
        }

        String lines(String method, String path, String body) throws Exception {
            return send(method, path, body, "application/x-ndjson");
        }

        /** The first event of a stream that does not end. */
        void first(String method, String path) throws Exception {
            used.add(method + " " + path.replaceAll("\\?.*", ""));
            assertThat(service.firstEvent(filled(path), "Authorization", "Bearer " + secret))
                    .contains("told");
        }

        /** Starts a run and waits until it has succeeded. */
        void run(String method, String path, String body) throws Exception {
            with("run", ok(method, path, body).path("id").textValue());
            String events = text("GET", "/v1/runs/{run}/events", "");
            assertThat(events).contains("succeeded");
        }

        /** Asks again and again until it is possible. */
        void soon(String method, String path, String body) throws Exception {
            Instant patience = Instant.now().plusSeconds(60);
            while (service.response(method, filled(path), body, headers("application/json"))
                                    .statusCode()
                            == 409
                    && Instant.now().isBefore(patience)) {
                Thread.onSpinWait();
            }
            ok(method, path, body);
        }

        private String[] headers(String type) {
            return new String[] {"Content-Type", type, "Authorization", "Bearer " + secret};
        }

        private String send(String method, String path, String body, String type) throws Exception {
            used.add(method + " " + path.replaceAll("\\?.*", ""));
            var response = service.response(method, filled(path), body, headers(type));
            assertThat(response.statusCode())
                    .as(method + " " + path + ": " + response.body())
                    .isBetween(200, 299);
            return response.body();
        }

        private String filled(String path) {
            String filled = path;
            for (Map.Entry<String, String> value : values.entrySet()) {
                filled = filled.replace("{" + value.getKey() + "}", value.getValue());
            }
            return filled;
        }
    }
}
