package engram.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
class TransferTest {
    private static final Path OURS = Path.of("samples/agentmemory.json");
    private static final Path BROKEN = Path.of("samples/agentmemory-broken.json");
    /** Stands beside the checkout in some places, and is not part of it. */
    private static final Path THEIRS = Path.of("../shared/data/agent_farm_memories.json");

    @Test
    void whatOneSpaceExportsAnotherImports() {
        String from = Api.newSpace();
        for (int i = 0; i < 20; i++) {
            Api.store(from, "{\"id\":\"m" + i + "\",\"agent\":\"a" + i % 2 + "\",\"state\":{\"health\":" + i + "}}");
        }
        String exported = Api.post(from + "/exports", "{\"vectors\":true}")
                .statusCode(200)
                .contentType("application/x-ndjson")
                .extract()
                .asString();
        assertThat(exported.lines()).hasSize(22);
        String into = Api.newSpace();
        given().contentType("application/x-ndjson")
                .body(exported.getBytes(StandardCharsets.UTF_8))
                .post(into + "/imports?wait=true")
                .then()
                .statusCode(200)
                .body("read", equalTo(20))
                .body("imported", equalTo(20))
                .body("failed", equalTo(0));
        assertThat(memories(into)).isEqualTo(memories(from));
        given().contentType("application/x-ndjson")
                .body(exported.getBytes(StandardCharsets.UTF_8))
                .post(into + "/imports?wait=true")
                .then()
                .statusCode(200)
                .body("duplicates", equalTo(20));
        assertThat(Api.post(from + "/exports", "{\"filter\":{\"field\":\"agent\",\"eq\":\"a0\"}}")
                        .extract()
                        .asString()
                        .lines())
                .hasSize(12);
    }

    private static Object memories(String space) {
        return Api.get(space + "/memories?limit=100")
                .extract()
                .path("items.collect { [it.id, it.agent, it.state, it.time] }");
    }

    @Test
    void exportsWithoutABody() {
        String space = Api.newSpace();
        assertThat(given().contentType("application/json")
                        .post(space + "/exports")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString()
                        .lines())
                .hasSize(2);
    }

    @Test
    void importsAgentMemoryAsARun() throws IOException {
        String space = Api.newSpace();
        String run = given().contentType("application/json")
                .body(Files.readAllBytes(OURS))
                .post(space + "/imports")
                .then()
                .statusCode(202)
                .body("kind", equalTo("import"))
                .extract()
                .header("Location");
        Waiting.until(Duration.ofSeconds(60), () -> {
            String status = Api.get(run).extract().path("status");
            return !status.equals("queued") && !status.equals("running");
        });
        Api.get(run).body("status", equalTo("succeeded")).body("result.imported", equalTo(12));
        Api.get(space + "/statistics").body("memories", equalTo(12));
    }

    @Test
    void reportsEachItemThatCannotBeRead() throws IOException {
        String space = Api.newSpace();
        given().contentType("application/json")
                .body(Files.readAllBytes(BROKEN))
                .post(space + "/imports?wait=true")
                .then()
                .statusCode(200)
                .body("read", equalTo(3))
                .body("imported", equalTo(1))
                .body("failures.index", contains(1, 2));
    }

    @Test
    void importsWhatAnotherProductWrote() throws IOException {
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isRegularFile(THEIRS));
        String space = Api.newSpace();
        given().contentType("application/json")
                .body(Files.readAllBytes(THEIRS))
                .post(space + "/imports?wait=true")
                .then()
                .statusCode(200);
        assertThat(Api.get(space + "/statistics").extract().<Integer>path("memories"))
                .isPositive();
    }

    @Test
    void refusesWhatIsNoExport() {
        String space = Api.newSpace();
        for (String body : new String[] {"", "hello", "{\"a\":1}", "[]", "\u0000"}) {
            given().contentType("application/json")
                    .body(body)
                    .post(space + "/imports?wait=true")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json");
        }
        Api.post("/v1/spaces/nowhere/imports", "{}").statusCode(404);
        Api.post("/v1/spaces/nowhere/exports", "{}").statusCode(404);
        Api.post(space + "/exports", "{\"filter\":{\"field\":\"x\"}}").statusCode(400);
        Api.post(space + "/imports?wait=maybe", "{}").statusCode(400);
    }
}
