package engram.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import engram.environment.AutoReset;
import engram.environment.Environments;
import engram.environment.RemoteVectorEnvironment;
import engram.environment.VectorEnvironment;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@Timeout(120)
class OfferedEnvironmentsTest {
    private static final String SMALL =
            "\"settings\":{\"network\":{\"layers\":[16]},\"start\":50,\"every\":4,\"updates\":1,\"batch\":16}";

    /** Waits until a name has so many connections; they are counted when the client has said what it offers. */
    private static void awaitConnections(String name, int connections) {
        Waiting.until(Duration.ofSeconds(30), () -> {
            ExtractableResponse<Response> answer =
                    Api.get("/v1/environments/" + name).extract();
            return answer.statusCode() == 200 && answer.<Integer>path("health.connections") == connections;
        });
    }

    private static String agent(String id, String environment) {
        Api.post("/v1/agents", "{\"id\":\"" + id + "\",\"environment\":\"" + environment + "\"," + SMALL + "}")
                .statusCode(201)
                .body("observation.low.size()", equalTo(4))
                .body("actions.count", equalTo(2));
        return "/v1/agents/" + id;
    }

    private static String train(String agent, String body) {
        return Api.post(agent + "/trainings", body).statusCode(202).extract().header("Location");
    }

    private static ExtractableResponse<Response> ended(String run) {
        Waiting.until(Duration.ofSeconds(90), () -> !List.of("queued", "running")
                .contains(Api.get(run).extract().<String>path("status")));
        return Api.get(run).extract();
    }

    private static double steps(String run) {
        Number steps = Api.get(run).extract().path("metrics.steps");
        return steps == null ? 0 : steps.doubleValue();
    }

    @Test
    void ourEnvironmentStepsOverASocketAsItDoesHere() {
        try (FrameSocket socket = FrameSocket.open("/v1/environments/CartPole-v1/session?instances=300", Map.of());
                VectorEnvironment there =
                        new RemoteVectorEnvironment(socket, Duration.ofSeconds(20), AutoReset.NEXT_STEP, false);
                VectorEnvironment here = Environments.makeVector("CartPole-v1", 300, AutoReset.NEXT_STEP)) {
            assertThat(there.size()).isEqualTo(300);
            assertThat(there.reset(5L).observations()).isEqualTo(here.reset(5L).observations());
            Random random = new Random(1);
            for (int i = 0; i < 60; i++) {
                float[] actions = new float[300];
                for (int row = 0; row < actions.length; row++) {
                    actions[row] = random.nextInt(2);
                }
                assertThat(there.step(actions).observations())
                        .isEqualTo(here.step(actions).observations());
            }
        }
    }

    @Test
    void trainsInAnEnvironmentOfAClient() {
        Api.post("/v1/agents", "{\"environment\":\"Lander\"}").statusCode(400);
        FrameSocket one = FrameSocket.offer("Lander", "CartPole-v1");
        FrameSocket two = FrameSocket.offer("Lander", "CartPole-v1");
        awaitConnections("Lander", 2);
        String agent = agent("lands", "Lander");
        ExtractableResponse<Response> run =
                ended(train(agent, "{\"steps\":600,\"settings\":{\"evaluateEvery\":300,\"episodes\":2}}"));
        assertThat(run.<String>path("status")).as(run.asString()).isEqualTo("succeeded");
        Api.get("/v1/environments/Lander")
                .body("source", equalTo("offered"))
                .body("timeLimit", equalTo(500))
                .body("health.state", equalTo("away"))
                .body("health.steps", greaterThan(600))
                .body("health.crashes", equalTo(0))
                .body("health.meanStepMilliseconds", greaterThan(0f));
        assertThat(Api.get("/q/metrics").extract().asString())
                .contains("engram_environment_step_seconds_count{environment=\"Lander\"}")
                .contains("engram_environment_state{environment=\"Lander\"} 2.0");
        // A request does not wait for the client, as a run does.
        Api.post(agent + "/evaluations", "{\"episodes\":1}")
                .statusCode(503)
                .body("detail", containsString("nobody offers the environment 'Lander'"));
        // A training that is over lets go of the client, which may offer the environment again.
        Waiting.until(Duration.ofSeconds(10), () -> !one.isOpen() && !two.isOpen());
    }

    @Test
    void goesOnWhenTheClientComesBack() {
        FrameSocket one = FrameSocket.offer("Shaky", "CartPole-v1");
        FrameSocket two = FrameSocket.offer("Shaky", "CartPole-v1");
        awaitConnections("Shaky", 2);
        String run = train(
                agent("shaken", "Shaky"), "{\"steps\":5000,\"settings\":{\"evaluateEvery\":2000,\"episodes\":1}}");
        Waiting.until(Duration.ofSeconds(60), () -> steps(run) > 300);
        one.abort();
        two.abort();
        Waiting.until(
                Duration.ofSeconds(30),
                () -> Api.get(run).extract().<String>path("message").contains("nobody offers the environment 'Shaky'"));
        Api.get("/v1/environments/Shaky")
                .body("health.state", equalTo("away"))
                .body("health.crashes", greaterThan(0))
                // What a step met, or what was met when the other connection ended a moment later.
                .body("health.lastError", anyOf(containsString("gone away"), containsString("nobody offers")));
        FrameSocket.offer("Shaky", "CartPole-v1");
        FrameSocket.offer("Shaky", "CartPole-v1");
        ExtractableResponse<Response> ended = ended(run);
        assertThat(ended.<String>path("status")).as(ended.asString()).isEqualTo("succeeded");
        assertThat(ended.<Integer>path("result.steps")).isEqualTo(5000);
        Api.get("/v1/environments/Shaky").body("health.restarts", greaterThan(0));
    }

    @Test
    void failsWhenTheClientStaysAwayAndIsTakenUpAgain() {
        FrameSocket one = FrameSocket.offer("Lost", "CartPole-v1");
        awaitConnections("Lost", 1);
        String agent = agent("loser", "Lost");
        String run = train(agent, "{\"steps\":4000,\"settings\":{\"evaluateEvery\":0}}");
        Waiting.until(Duration.ofSeconds(60), () -> steps(run) > 300);
        one.abort();
        ExtractableResponse<Response> ended = ended(run);
        assertThat(ended.<String>path("status")).isEqualTo("failed");
        assertThat(ended.<String>path("problem.detail"))
                .contains("'Lost'", "engram.environments.patience", "\"resume\":true");
        int before = Api.get(agent).extract().path("steps");
        assertThat(before).isGreaterThan(300);
        FrameSocket.offer("Lost", "CartPole-v1");
        ExtractableResponse<Response> resumed = ended(train(agent, "{\"resume\":true}"));
        assertThat(resumed.<String>path("status")).as(resumed.asString()).isEqualTo("succeeded");
        Api.get(agent).body("steps", equalTo(4000));
    }

    @Test
    void refusesWhatCannotBeOffered() {
        assertThat(refusal("/v1/environments/CartPole-v1/offer", Map.of())).isEqualTo(409);
        assertThat(refusal("/v1/environments/-wrong/offer", Map.of())).isEqualTo(400);
        assertThat(refusal("/v1/environments/Nowhere-v1/session", Map.of())).isEqualTo(404);
        assertThat(refusal("/v1/environments/CartPole-v1/session?instances=0", Map.of()))
                .isEqualTo(400);
        assertThat(refusal("/v1/environments/Evil/offer", Map.of("Origin", "http://evil.example")))
                .isEqualTo(403);
        Api.get("/v1/environments/Evil/offer").statusCode(404);
        FrameSocket first = FrameSocket.offer("Same", "CartPole-v1");
        awaitConnections("Same", 1);
        assertThat(FrameSocket.offer("Same", "Acrobot-v1").reason())
                .startsWith("1008")
                .contains("another task, other spaces");
        FrameSocket nonsense = FrameSocket.open("/v1/environments/Nonsense/offer", Map.of());
        nonsense.send(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(nonsense.reason()).startsWith("1008").contains("cannot be used");
        Api.get("/v1/environments/Nonsense").statusCode(404);
        first.abort();
        awaitConnections("Same", 0);
    }

    private static int refusal(String path, Map<String, String> headers) {
        return catchThrowableOfType(FrameSocket.Refused.class, () -> FrameSocket.open(path, headers))
                .status();
    }
}
