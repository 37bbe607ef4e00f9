package engram.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.in;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ExperiencesTest {
    private static final String BOX =
            "{\"encoder\":{\"trainAfter\":0},\"schema\":{\"observation\":{\"low\":[-10,-10],\"high\":[10,10]}}}";

    @Test
    void storesTransitionsAndGivesThemBackAsColumns() {
        String space = Api.newSpace(BOX);
        Api.post(
                        space + "/experiences",
                        "{\"experiences\":[" + experience("e1", 1, ",\"terminated\":true,\"tags\":{\"run\":3}") + ","
                                + experience("e2", 2, ",\"steps\":3,\"truncated\":true") + "]}")
                .statusCode(200)
                .body("created.id", contains("e1", "e2"))
                .body("failed", empty());
        Api.get(space + "/memories/e1")
                .body("kind", equalTo("experience"))
                .body("step", equalTo(1))
                .body("reward", equalTo(0.5f))
                .body("experience.observation", contains(1, 0))
                .body("experience.terminated", equalTo(true))
                .body("experience.truncated", equalTo(false))
                .body("tags.run", equalTo(3));
        Api.post(space + "/experiences/sample", "{\"strategy\":\"recent\",\"size\":10}")
                .statusCode(200)
                .body("ids", containsInAnyOrder("e1", "e2"))
                .body("observations", containsInAnyOrder(List.of(1, 0), List.of(2, 0)))
                .body("actions", contains(1, 1))
                .body("rewards", contains(0.5f, 0.5f))
                .body("nextObservations", containsInAnyOrder(List.of(2, 0), List.of(3, 0)))
                .body("terminated", containsInAnyOrder(true, false))
                .body("truncated", containsInAnyOrder(true, false))
                .body("steps", containsInAnyOrder(1, 3))
                .body("weights", contains(1f, 1f));
    }

    @Test
    void drawsUniformlyRepeatablyAndByFilter() {
        String space = filled(10);
        String body = "{\"size\":40,\"seed\":7}";
        List<String> ids = Api.post(space + "/experiences/sample", body)
                .statusCode(200)
                .body("ids", hasSize(40))
                .body("weights", everyItem(equalTo(1f)))
                .extract()
                .path("ids");
        assertThat(ids.stream().distinct().count()).isGreaterThan(6);
        Api.post(space + "/experiences/sample", body).body("ids", equalTo(ids));
        Api.post(space + "/experiences/sample", "{\"filter\":{\"field\":\"step\",\"lt\":2}}")
                .body("ids", everyItem(in(List.of("e0", "e1"))));
        Api.store(space, "{\"agent\":\"a\",\"kind\":\"experience\",\"experience\":{\"observation\":[1,2]}}");
        Api.delete(space + "/memories/e3").statusCode(204);
        Api.post(space + "/experiences/sample", "{\"size\":100}")
                .body("ids", hasSize(100))
                .body("ids", org.hamcrest.Matchers.not(hasItem("e3")));
        Api.post(Api.newSpace() + "/experiences/sample", "{}").statusCode(200).body("ids", empty());
    }

    @Test
    void drawsByPriority() {
        String space = filled(10);
        Api.post(space + "/experiences/sample", "{}").statusCode(200);
        Api.post(space + "/experiences/priorities", "{\"ids\":[\"e4\",\"e5\",\"nobody\"],\"priorities\":[1000,0,1]}")
                .statusCode(200)
                .body("updated", equalTo(2))
                .body("missing", contains("nobody"));
        Api.get(space + "/memories/e4").body("importance", equalTo(0.999001f));
        List<String> ids = Api.post(
                        space + "/experiences/sample",
                        "{\"strategy\":\"prioritized\",\"alpha\":1,\"beta\":1,\"size\":50,\"seed\":1}")
                .statusCode(200)
                .body("ids", hasSize(50))
                .extract()
                .path("ids");
        assertThat(ids.stream().filter("e4"::equals).count()).isGreaterThan(45);
        assertThat(ids).doesNotContain("e5");
    }

    @Test
    void findsSimilarExperiences() {
        String space = filled(10);
        Api.post(space + "/experiences/sample", "{\"strategy\":\"similar\",\"like\":[7,0],\"size\":3}")
                .statusCode(200)
                .body("ids", containsInAnyOrder("e6", "e7", "e8"))
                .body("ids[0]", equalTo("e7"));
        Api.post(space + "/experiences/sample", "{\"strategy\":\"similar\",\"like\":\"e7\",\"size\":2}")
                .body("ids", containsInAnyOrder("e6", "e8"));
    }

    @Test
    void namesWhatIsWrong() {
        String space = Api.newSpace(BOX);
        Api.post(
                        space + "/experiences",
                        "{\"experiences\":[{\"agent\":\"a\",\"observation\":[1,\"x\"],\"action\":0,\"reward\":1,\"nextObservation\":[1,2]},"
                                + "{\"agent\":\"a\",\"observation\":[1,2],\"action\":0,\"reward\":1,\"nextObservation\":[1]},"
                                + "{\"observation\":[1,2],\"action\":0,\"reward\":1,\"nextObservation\":[1,2]},"
                                + "{\"agent\":\"a\",\"obs\":[1,2]}," + experience("fine", 1, "") + "]}")
                .statusCode(200)
                .body("created.id", contains("fine"))
                .body(
                        "failed.problem.errors.field.flatten()",
                        contains(
                                "experiences[0].observation[1]",
                                "experiences[1].nextObservation",
                                "experiences[2].agent",
                                "experiences[3].obs"));
        Api.post(space + "/experiences", "{}").statusCode(400).body("errors.field", contains("experiences"));
        Api.post(
                        space + "/experiences/sample",
                        "{\"size\":0,\"strategy\":\"best\",\"like\":[1,2],\"alpha\":2,\"beta\":-1}")
                .statusCode(400)
                .body("errors.field", containsInAnyOrder("size", "strategy", "like", "alpha", "beta"));
        Api.post(space + "/experiences/sample", "{\"strategy\":\"similar\"}")
                .statusCode(400)
                .body("errors.field", contains("like"));
        Api.post(space + "/experiences/priorities", "{\"ids\":[\"a\",\"b\"],\"priorities\":[1]}")
                .statusCode(400)
                .body("errors.field", contains("priorities"));
        Api.post(space + "/experiences/priorities", "{\"ids\":[\"a\"],\"priorities\":[-1]}")
                .statusCode(400)
                .body("errors.field", contains("priorities[0]"));
        Api.post("/v1/spaces/nowhere/experiences/sample", "{}").statusCode(404);
    }

    private static String filled(int count) {
        String space = Api.newSpace(BOX);
        StringBuilder experiences = new StringBuilder();
        for (int i = 0; i < count; i++) {
            experiences.append(i == 0 ? "" : ",").append(experience("e" + i, i, ""));
        }
        Api.post(space + "/experiences", "{\"experiences\":[" + experiences + "]}")
                .statusCode(200)
                .body("created", hasSize(count));
        return space;
    }

    private static String experience(String id, int first, String more) {
        return "{\"id\":\"" + id + "\",\"agent\":\"a\",\"step\":" + first + ",\"observation\":[" + first
                + ",0],\"action\":1,\"reward\":0.5,\"nextObservation\":[" + (first + 1) + ",0]" + more + "}";
    }
}
