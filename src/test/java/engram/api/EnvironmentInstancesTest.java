package engram.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import engram.environment.Action;
import engram.environment.AutoReset;
import engram.environment.Environment;
import engram.environment.Environments;
import engram.environment.Step;
import engram.environment.VectorEnvironment;
import engram.environment.VectorStep;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class EnvironmentInstancesTest {
    private static final String POLES = "/v1/environments/CartPole-v1/instances";
    private static final String CARS = "/v1/environments/MountainCarContinuous-v0/instances";

    private static String make(String path, String body) {
        return Api.post(path, body).statusCode(201).extract().header("Location");
    }

    private static float[] floats(JsonPath json, String path) {
        List<Number> numbers = json.getList(path);
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i).floatValue();
        }
        return floats;
    }

    @Test
    void tellsWhichThereAre() {
        Api.get("/v1/environments?limit=1000")
                .statusCode(200)
                .body("items.name", hasItems("Acrobot-v1", "CartPole-v1", "Pendulum-v1"))
                .body("items.find { it.name == 'CartPole-v1' }.source", equalTo("builtIn"))
                .body("items.find { it.name == 'CartPole-v1' }.health", nullValue())
                .body("nextCursor", nullValue());
        String cursor = Api.get("/v1/environments?limit=2")
                .body("items.name", equalTo(List.of("Acrobot-v1", "CartPole-v1")))
                .extract()
                .path("nextCursor");
        Api.get("/v1/environments?limit=1&cursor=" + cursor).body("items.name", hasItems("MountainCar-v0"));
        Api.get("/v1/environments/Pendulum-v1")
                .body("actions.high", equalTo(List.of(2f)))
                .body("timeLimit", equalTo(200))
                .body("rewardThreshold", nullValue());
        Api.get("/v1/environments/CartPole-v1")
                .body("observation.low[1]", nullValue())
                .body("actions.count", equalTo(2))
                .body("rewardThreshold", equalTo(475f));
        Api.get("/v1/environments/Nowhere-v1").statusCode(404);
    }

    @Test
    void stepsAsTheEnvironmentDoes() {
        String instance = make(POLES, "{}");
        try (Environment same = Environments.make("CartPole-v1")) {
            JsonPath began = Api.post(instance + "/reset", "{\"seed\":42}")
                    .statusCode(200)
                    .body("reward", nullValue())
                    .body("info", notNullValue())
                    .extract()
                    .jsonPath();
            assertThat(floats(began, "observation")).isEqualTo(same.reset(42L).observation());
            boolean over = false;
            for (int i = 0; !over; i++) {
                Step expected = same.step(Action.discrete(i % 3 == 0 ? 0 : 1));
                JsonPath step = Api.post(instance + "/step", "{\"action\":" + (i % 3 == 0 ? 0 : 1) + "}")
                        .statusCode(200)
                        .extract()
                        .jsonPath();
                assertThat(floats(step, "observation")).isEqualTo(expected.observation());
                assertThat(step.getDouble("reward")).isEqualTo(expected.reward());
                assertThat(step.getBoolean("terminated")).isEqualTo(expected.terminated());
                assertThat(step.getBoolean("truncated")).isEqualTo(expected.truncated());
                over = expected.finished();
            }
            Api.post(instance + "/step", "{\"action\":0}").statusCode(409).body("errors[0].field", equalTo("action"));
            Api.post(instance + "/reset", "{}").statusCode(200);
            Api.post(instance + "/step", "{\"action\":0}").statusCode(200);
        }
        Api.delete(instance).statusCode(204);
        Api.delete(instance).statusCode(404);
        Api.post(instance + "/step", "{\"action\":0}").statusCode(404);
    }

    @Test
    void stepsABatchAsTheVectorDoes() {
        String batch = make(CARS, "{\"instances\":3,\"autoReset\":\"sameStep\"}");
        try (VectorEnvironment same = Environments.makeVector("MountainCarContinuous-v0", 3, AutoReset.SAME_STEP)) {
            JsonPath began =
                    Api.post(batch + "/reset", "{\"seed\":7}").extract().jsonPath();
            VectorStep expected = same.reset(7L);
            assertThat(floats(began, "observations.flatten()")).isEqualTo(expected.observations());
            for (int i = 0; i < 5; i++) {
                expected = same.step(new float[] {0.5f, -0.25f, 1});
                JsonPath step = Api.post(batch + "/step", "{\"actions\":[[0.5],[-0.25],[1]]}")
                        .statusCode(200)
                        .body("terminations", equalTo(List.of(false, false, false)))
                        .body("finalObservations", everyItem(nullValue()))
                        .body("rewards", hasSize(3))
                        .extract()
                        .jsonPath();
                assertThat(floats(step, "observations.flatten()")).isEqualTo(expected.observations());
            }
        }
        Api.delete(batch).statusCode(204);
    }

    @Test
    void showsTheEndsOfEpisodesInABatch() {
        String batch = make(POLES, "{\"instances\":2}");
        Api.post(batch + "/reset", "{\"seed\":1}").body("began", equalTo(List.of(true, true)));
        JsonPath step;
        int steps = 0;
        do {
            step = Api.post(batch + "/step", "{\"actions\":[1,1]}").extract().jsonPath();
            steps++;
        } while (!step.getBoolean("terminations[0]"));
        assertThat(steps).isBetween(5, 20);
        assertThat(floats(step, "finalObservations[0]")).isEqualTo(floats(step, "observations[0]"));
        Api.post(batch + "/step", "{\"actions\":[1,1]}").body("began[0]", equalTo(true));
        Api.delete(batch).statusCode(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "single | {\"action\":2} | action",
                "single | {\"action\":1.5} | action",
                "single | {\"action\":[1]} | action",
                "single | {} | action",
                "single | {\"actions\":[1]} | action",
                "batch | {\"action\":1} | actions",
                "batch | {\"actions\":[1]} | actions",
                "batch | {\"actions\":[1,\"left\"]} | actions[1]",
                "batch | {\"actions\":[1,5]} | actions[1]",
            })
    void namesWhatIsWrongWithAStep(String kind, String body, String field) {
        String instance = make(POLES, kind.equals("batch") ? "{\"instances\":2}" : "{}");
        Api.post(instance + "/reset", "{\"seed\":1}").statusCode(200);
        Api.post(instance + "/step", body).statusCode(400).body("errors[0].field", equalTo(field));
        Api.delete(instance).statusCode(204);
    }

    @Test
    void namesWhatIsWrongWithAnInstance() {
        Api.post(POLES, "{\"instances\":0}").statusCode(400).body("errors[0].field", equalTo("instances"));
        Api.post(POLES, "{\"instances\":100000}").statusCode(400).body("errors[0].field", equalTo("instances"));
        Api.post(POLES, "{\"autoReset\":\"nextStep\"}").statusCode(400).body("errors[0].field", equalTo("autoReset"));
        Api.post("/v1/environments/Nowhere-v1/instances", "{}").statusCode(404);
        String instance = make(POLES, "{}");
        Api.post(instance + "/step", "{\"action\":0}").statusCode(409);
        Api.post(instance + "/reset", "{\"seed\":-1}").statusCode(400).body("errors[0].field", equalTo("seed"));
        // An instance is found under its own environment only.
        Api.post(instance.replace("CartPole-v1", "Acrobot-v1") + "/reset", "{}").statusCode(404);
        Api.delete(instance).statusCode(204);
    }
}
