package engram.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@Timeout(300)
class AgentsTest {
    private static final AtomicInteger AGENTS = new AtomicInteger();
    private static final String SMALL =
            "{\"network\":{\"layers\":[16]},\"start\":50,\"every\":4,\"updates\":1,\"batch\":16}";
    private static final String STEPS = "{\"steps\":%d,\"settings\":{\"evaluateEvery\":0}}";
    private static final String SEEN = "[0.01,0.2,-0.03,0.1]";

    /** The data directory of the service. */
    Path data() {
        return ConfigProvider.getConfig().getValue("engram.data-dir", Path.class);
    }

    private static String create(String more) {
        String id = "agent" + AGENTS.incrementAndGet();
        Api.post("/v1/agents", "{\"id\":\"" + id + "\"," + more + "}").statusCode(201);
        return "/v1/agents/" + id;
    }

    private static String cartPole() {
        return create("\"environment\":\"CartPole-v1\",\"seed\":3,\"settings\":" + SMALL);
    }

    private static ExtractableResponse<Response> ended(String run) {
        Waiting.until(Duration.ofMinutes(3), () -> !List.of("queued", "running")
                .contains(Api.get(run).extract().<String>path("status")));
        return Api.get(run).extract();
    }

    private static String train(String agent, String body) {
        return Api.post(agent + "/trainings", body)
                .statusCode(202)
                .body("kind", equalTo("agent-training"))
                .extract()
                .header("Location");
    }

    @Test
    void tellsWhatAnAgentIs() {
        Api.post("/v1/agents", "{\"id\":\"told\",\"environment\":\"MountainCar-v0\",\"settings\":{\"double\":true}}")
                .statusCode(201)
                .header("Location", equalTo("/v1/agents/told"))
                .body("algorithm", equalTo("dqn"))
                .body("environment", equalTo("MountainCar-v0"))
                .body("observation.low", hasSize(2))
                .body("actions.count", equalTo(3))
                .body("settings.double", equalTo(true))
                // What is known to solve the task, where nothing else is said.
                .body("settings.target.every", equalTo(600))
                .body("steps", equalTo(0))
                .body("training", equalTo(false));
        Api.get("/v1/agents?limit=1000").body("items.id", hasItem("told"));
        Api.post("/v1/agents", "{\"id\":\"told\",\"environment\":\"CartPole-v1\"}")
                .statusCode(409);
        Api.delete("/v1/agents/told").statusCode(204);
        Api.get("/v1/agents/told").statusCode(404);
        Api.delete("/v1/agents/told").statusCode(404);
        Api.get("/v1/agents?limit=1000").body("items.id", not(hasItem("told")));
        Api.post("/v1/agents", "{\"environment\":\"Pendulum-v1\"}")
                .statusCode(201)
                .body("algorithm", equalTo("sac"))
                .body("id", notNullValue());
        Api.post(
                        "/v1/agents",
                        "{\"observation\":{\"low\":[0,null],\"high\":[1,null]},\"actions\":{\"low\":[-1,-2],\"high\":[1,2]}}")
                .statusCode(201)
                .body("algorithm", equalTo("sac"))
                .body("environment", equalTo(null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | environment",
                "{\"environment\":\"CartPole-v9\"} | environment",
                "{\"environment\":\"CartPole-v1\",\"algorithm\":\"sac\"} | algorithm",
                "{\"environment\":\"CartPole-v1\",\"algorithm\":\"ppo\"} | algorithm",
                "{\"environment\":\"CartPole-v1\",\"id\":\"../up\"} | id",
                "{\"environment\":\"CartPole-v1\",\"settings\":{\"lerningRate\":1}} | settings.lerningRate",
                "{\"environment\":\"CartPole-v1\",\"settings\":{\"learningRate\":\"fast\"}} | settings.learningRate",
                "{\"environment\":\"CartPole-v1\",\"settings\":{\"network\":{\"layers\":[0]}}} | settings.network.layers[0]",
                "{\"environment\":\"CartPole-v1\",\"settings\":{\"discount\":1.5}} | settings.discount",
                "{\"environment\":\"CartPole-v1\",\"settings\":{\"target\":{\"every\":0}}} | settings.target.every",
                "{\"environment\":\"CartPole-v1\",\"settings\":{\"replay\":{\"capacity\":0}}} | settings.replay.capacity",
                "{\"environment\":\"CartPole-v1\",\"settings\":[]} | settings",
                "{\"environment\":\"CartPole-v1\",\"actions\":{\"count\":2}} | environment",
                "{\"observation\":{\"low\":[0],\"high\":[1]},\"actions\":{\"count\":0}} | actions.count",
                "{\"observation\":{\"low\":[0],\"high\":[1,2]},\"actions\":{\"count\":2}} | observation.high"
            })
    void namesWhatIsWrongWithAnAgent(String body, String field) {
        Api.post("/v1/agents", body)
                .statusCode(400)
                .contentType("application/problem+json")
                .body("errors.field", hasItem(field));
    }

    @Test
    void remembersBetweenTwoActs() {
        String agent =
                create("\"environment\":\"Pendulum-v1\",\"algorithm\":\"reinforce\",\"settings\":{\"episodes\":1,"
                        + "\"network\":{\"layers\":[8]},\"recurrence\":{\"kind\":\"lstm\",\"width\":4}}");
        Api.get(agent).body("algorithm", equalTo("reinforce")).body("settings.recurrence.kind", equalTo("lstm"));
        assertThat(ended(train(agent, "{\"steps\":250,\"seed\":1}")).<String>path("status"))
                .isEqualTo("succeeded");
        String seen = "\"observation\":[1,0,0.5]";
        Api.post(agent + "/act", "{" + seen + "}").body("carried", equalTo(null));
        List<Float> carried = Api.post(agent + "/act", "{" + seen + ",\"carried\":[[]]}")
                .statusCode(200)
                .body("carried[0]", hasSize(8))
                .extract()
                .path("carried[0]");
        Api.post(agent + "/act", "{" + seen + ",\"carried\":[" + carried + "]}")
                .statusCode(200)
                .body("carried[0]", not(equalTo(carried)));
        Api.post(agent + "/act", "{" + seen + ",\"carried\":[[1]]}")
                .statusCode(400)
                .body("errors.field", hasItem("carried[0]"));
        Api.post(agent + "/act", "{" + seen + ",\"carried\":[]}")
                .statusCode(400)
                .body("errors.field", hasItem("carried"));
    }

    @Test
    void actsBeforeAndAfterItHasLearned() {
        String agent = cartPole();
        Api.post(agent + "/act", "{\"observation\":" + SEEN + ",\"values\":true}")
                .statusCode(200)
                .body("action", not(equalTo(null)))
                .body("values[0]", hasSize(2))
                .body("fallback", equalTo(false));
        Api.post(agent + "/act", "{\"observation\":" + SEEN + ",\"actionMask\":[false,true]}")
                .body("action", equalTo(1));
        Api.post(agent + "/act", "{\"observation\":" + SEEN + ",\"actionMask\":[true,false]}")
                .body("action", equalTo(0));
        Api.post(agent + "/act", "{\"observations\":[" + SEEN + "," + SEEN + "],\"deterministic\":false}")
                .body("actions", hasSize(2));
        String pendulum = create("\"environment\":\"Pendulum-v1\",\"settings\":{\"network\":{\"layers\":[16]}}");
        Api.post(pendulum + "/act", "{\"observation\":[1,0,0.5]}").body("action", hasSize(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | observation",
                "{\"observation\":[1,2]} | observations[0]",
                "{\"observation\":[1,2,3,1e400]} | observation[3]",
                "{\"observations\":[]} | observations",
                "{\"observation\":[1,2,3,4],\"observations\":[[1,2,3,4]]} | observation",
                "{\"observation\":[1,2,3,4],\"actionMask\":[false,false]} | actionMask",
                "{\"observation\":[1,2,3,4],\"actionMask\":[true]} | actionMask",
                "{\"observation\":[1,2,3,4],\"evidence\":3} | evidence"
            })
    void namesWhatIsWrongWithAnObservation(String body, String field) {
        Api.post(cartPole() + "/act", body).statusCode(400).body("errors.field", hasItem(field));
    }

    @Test
    void learnsOnlineFromWhatItIsTold() {
        String agent = cartPole();
        StringBuilder transitions = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            transitions
                    .append(i == 0 ? "" : ",")
                    .append("{\"observation\":" + SEEN + ",\"action\":" + i % 2 + ",\"reward\":1,\"nextObservation\":")
                    .append(SEEN + ",\"terminated\":" + (i % 10 == 9) + "}");
        }
        Api.post(agent + "/observe", "{\"transitions\":[" + transitions + "]}")
                .statusCode(200)
                .body("accepted", equalTo(100))
                .body("steps", equalTo(100))
                .body("loss", notNullValue());
        Api.get(agent).body("steps", equalTo(100));
        Api.post(agent + "/observe", "{\"transitions\":[{\"observation\":[1],\"action\":7,\"reward\":null}]}")
                .statusCode(400)
                .body("errors.field", hasItem("transitions[0].observation"))
                .body("errors.field", hasItem("transitions[0].nextObservation"))
                .body("errors.field", hasItem("transitions[0].action"))
                .body("errors.field", hasItem("transitions[0].reward"));
        Api.get(agent).body("steps", equalTo(100));
    }

    @Test
    void trainsInARunAndIsEvaluated() {
        String agent = cartPole();
        String run = train(agent, "{\"steps\":1000,\"seed\":1,\"settings\":{\"evaluateEvery\":500,\"episodes\":2}}");
        ExtractableResponse<Response> ended = ended(run);
        assertThat(ended.<String>path("status")).as(ended.asString()).isEqualTo("succeeded");
        assertThat(ended.<Integer>path("result.steps")).isEqualTo(1000);
        assertThat(ended.<String>path("result.bottleneck")).isNotBlank();
        assertThat(ended.<Float>path("result.evaluation.mean")).isPositive();
        Api.get(agent).body("steps", equalTo(1000));
        Api.post(agent + "/evaluations", "{\"episodes\":3,\"seed\":5}")
                .statusCode(200)
                .body("returns", hasSize(3))
                .body("lengths", hasSize(3));
        float mean = Api.post(agent + "/evaluations", "{\"episodes\":3,\"seed\":5}")
                .extract()
                .path("mean");
        Api.post(agent + "/evaluations", "{\"episodes\":3,\"seed\":5}").body("mean", equalTo(mean));
        Api.post(agent + "/evaluations", "{\"environment\":\"Pendulum-v1\"}").statusCode(400);
        Api.post(agent + "/trainings", "{\"steps\":0}").statusCode(400).body("errors.field", hasItem("steps"));
        Api.post(agent + "/trainings", "{\"steps\":1,\"environment\":\"Nowhere-v1\"}")
                .statusCode(400)
                .body("errors.field", hasItem("environment"));
        Api.post(agent + "/trainings", "{\"steps\":5,\"settings\":{\"patience\":-1}}")
                .statusCode(400);
    }

    @Test
    void takesUpTheStateNormalizerOfItsEnvironment() throws IOException {
        String settings = ",\"settings\":{\"normalizer\":{\"kind\":\"vae\",\"trainAfter\":200,\"threshold\":100,"
                + "\"epochs\":2},\"network\":{\"layers\":[16]},\"start\":50,\"batch\":16}";
        String made = "\"environment\":\"Acrobot-v1\",\"seed\":3" + settings;
        String first = create(made);
        Api.get(first).body("settings.normalizer.kind", equalTo("vae")).body("normalizer", equalTo(null));
        ExtractableResponse<Response> trained = ended(train(first, STEPS.formatted(300)));
        assertThat(trained.<Boolean>path("result.normalizer.trained"))
                .as(trained.asString())
                .isTrue();
        assertThat(trained.<Float>path("metrics.normalizerRecentError")).isPositive();
        int version = trained.path("result.normalizer.version");
        assertThat(version).isPositive();
        Path home = data().resolve("normalizers/Acrobot-v1/v" + version);
        assertThat(home.resolve("weights.bin")).exists();

        String second = create(made);
        // Far too few steps for a training of its own.
        ended(train(second, STEPS.formatted(60)));
        Api.get(second).body("normalizer.trained", equalTo(true)).body("normalizer.version", equalTo(version));
        Api.post(second + "/act", "{\"observation\":[1,0,1,0,0.1,0.2]}").body("fallback", equalTo(false));

        try (Stream<Path> versions = Files.list(data().resolve("normalizers/Acrobot-v1"))) {
            for (Path each : versions.toList()) {
                Files.writeString(each.resolve("weights.bin"), "damaged");
            }
        }
        String third = create(made);
        ExtractableResponse<Response> linear = ended(train(third, STEPS.formatted(60)));
        assertThat(linear.<Boolean>path("result.normalizer.trained"))
                .as(linear.asString())
                .isFalse();
        assertThat(linear.<String>path("result.normalizer.misfits[0]"))
                .contains("version " + version, "weights.bin does not match its checksum");
        assertThat(ended(train(third, STEPS.formatted(200))).<Integer>path("result.normalizer.version"))
                .isEqualTo(version + 1);
        Api.post("/v1/agents", "{\"environment\":\"Acrobot-v1\",\"settings\":{\"normalizer\":{\"kind\":\"pca\"}}}")
                .statusCode(400)
                .body("errors.field", hasItem("settings.normalizer.kind"));
    }

    @Test
    void isPausedCancelledAndTakenUpAgain() {
        String agent = cartPole();
        Api.put(agent + "/pause", "").statusCode(409);
        Api.post(agent + "/trainings", "{\"resume\":true}").statusCode(404);
        String run = train(agent, "{\"steps\":20000,\"settings\":{\"evaluateEvery\":0}}");
        Waiting.until(Duration.ofSeconds(60), () -> Api.get(agent).extract().<Boolean>path("training"));
        Api.put(agent + "/pause", "").statusCode(204);
        Api.get(agent).body("paused", equalTo(true));
        Api.post(
                        agent + "/observe",
                        "{\"transitions\":[{\"observation\":" + SEEN + ",\"action\":0,\"reward\":1,\"nextObservation\":"
                                + SEEN + "}]}")
                .statusCode(409);
        Api.post(agent + "/trainings", "{\"steps\":10}").statusCode(409);
        // There is no policy until PyTorch is loaded, which may take longer than acting waits.
        String seen = "{\"observation\":" + SEEN + "}";
        Waiting.until(
                Duration.ofSeconds(60),
                () -> Api.post(agent + "/act", seen).extract().statusCode() == 200);
        Api.delete(agent).statusCode(409);
        Api.delete(run).statusCode(202);
        assertThat(ended(run).<String>path("status")).isEqualTo("cancelled");
        int stopped = Api.get(agent).extract().path("steps");
        assertThat(stopped).isBetween(0, 19_999);
        Api.post(agent + "/trainings", "{\"resume\":true,\"steps\":5}")
                .statusCode(400)
                .body("errors.field", hasItem("resume"));
        String resumed = train(agent, "{\"resume\":true}");
        assertThat(ended(resumed).<Integer>path("result.steps")).isEqualTo(20_000);
        Api.get(agent).body("paused", equalTo(false)).body("steps", equalTo(20_000));
    }

    @Test
    void learnsFromWhatOthersLivedThrough() {
        String space = Api.newSpace("{\"schema\":{\"observation\":{\"low\":[-5,-5,-1,-5],\"high\":[5,5,1,5]}},"
                + "\"encoder\":{\"trainAfter\":0}}");
        String more = "\"environment\":\"CartPole-v1\",\"space\":\"" + space.substring("/v1/spaces/".length())
                + "\",\"settings\":" + SMALL;
        String first = create(more);
        ended(train(first, "{\"steps\":400,\"settings\":{\"evaluateEvery\":0}}"));
        Waiting.until(
                Duration.ofSeconds(30),
                () -> Api.get(space + "/statistics").extract().<Integer>path("memories") == 400);
        Api.get(space + "/memories?limit=1")
                .body("items[0].kind", equalTo("experience"))
                .body("items[0].agent", equalTo(first.substring("/v1/agents/".length())));
        String second = create(more);
        ExtractableResponse<Response> ended =
                ended(train(second, "{\"steps\":3000,\"settings\":{\"evaluateEvery\":0}}"));
        assertThat(ended.<Float>path("metrics.lossMemory")).as(ended.asString()).isPositive();
        assertThat(ended.<Float>path("metrics.lossLocal")).isPositive();
    }

    @Test
    void showsTheRememberedMomentsThatAreNearest() {
        String space = Api.newSpace("{\"schema\":{\"observation\":{\"low\":[-5,-5,-1,-5],\"high\":[5,5,1,5]}},"
                + "\"encoder\":{\"trainAfter\":0}}");
        Api.store(space, "{\"id\":\"near\",\"agent\":\"other\",\"state\":" + SEEN + "}");
        Api.store(space, "{\"id\":\"far\",\"agent\":\"other\",\"state\":[4,-4,1,3]}");
        String agent =
                create("\"environment\":\"CartPole-v1\",\"space\":\"" + space.substring("/v1/spaces/".length()) + "\"");
        Api.post(agent + "/act", "{\"observation\":" + SEEN + ",\"evidence\":1}")
                .statusCode(200)
                .body("evidence.id", equalTo(List.of("near")));
        Api.post("/v1/agents", "{\"environment\":\"CartPole-v1\",\"space\":\"nowhere\"}")
                .statusCode(404)
                .body("detail", containsString("nowhere"));
    }
}
