package engram.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SpacesTest {
    @Test
    void putsGetsReplacesAndDeletesASpace() {
        String path = "/v1/spaces/life-of-a-space";
        Api.put(path, "{}")
                .statusCode(201)
                .header("Location", "/v1/spaces/life-of-a-space")
                .header("ETag", "\"1\"")
                .body("name", equalTo("life-of-a-space"))
                .body("schema.inputs", equalTo(512))
                .body("encoder.trainAfter", equalTo(1000))
                .body("tiers.stm.capacity", equalTo(1000));
        Api.put(path, "{\"tiers\":{\"stm\":{\"capacity\":5}}}")
                .statusCode(200)
                .header("ETag", "\"2\"")
                .body("tiers.stm.capacity", equalTo(5));
        Api.get(path).statusCode(200).header("ETag", "\"2\"").body("revision", equalTo(2));
        Api.get("/v1/spaces?limit=1000").statusCode(200).body("items.name", hasItem("life-of-a-space"));
        Api.delete(path).statusCode(204);
        Api.get(path).statusCode(404).contentType("application/problem+json");
        Api.delete(path).statusCode(404);
    }

    @Test
    void createsASpaceWithoutABody() {
        given().put("/v1/spaces/without-a-body").then().statusCode(201);
        Api.delete("/v1/spaces/without-a-body").statusCode(204);
    }

    @Test
    void refusesAnUnsuitableName() {
        for (String name : List.of("Upper", "-begins", "a%20b", "a".repeat(65), "%C3%A9")) {
            given().urlEncodingEnabled(false)
                    .contentType(ContentType.JSON)
                    .body("{}")
                    .put("/v1/spaces/" + name)
                    .then()
                    .statusCode(400)
                    .body("errors.field", contains("space"));
        }
    }

    @Test
    void changesOnlyTheRevisionThatIfMatchNames() {
        String space = Api.newSpace();
        given().contentType(ContentType.JSON)
                .header("If-Match", "\"7\"")
                .body("{}")
                .put(space)
                .then()
                .statusCode(412)
                .body("type", equalTo("urn:engram:problem:precondition-failed"));
        given().contentType(ContentType.JSON)
                .header("If-Match", "nonsense")
                .body("{}")
                .put(space)
                .then()
                .statusCode(412);
        given().contentType(ContentType.JSON)
                .header("If-Match", "\"1\"")
                .body("{}")
                .put(space)
                .then()
                .statusCode(200);
        given().contentType(ContentType.JSON)
                .header("If-Match", "*")
                .body("{}")
                .put("/v1/spaces/not-there-yet")
                .then()
                .statusCode(412);
        Api.get("/v1/spaces/not-there-yet").statusCode(404);
    }

    @Test
    void fixesTheSchemaOnceThereAreMemories() {
        String space = Api.newSpace();
        String other = "{\"schema\":{\"inputs\":64,\"numeric\":{\"v\":{\"min\":0,\"max\":1}}}}";
        Api.put(space, other).statusCode(200).body("schema.inputs", equalTo(64));
        Api.store(space, "{\"agent\":\"a\",\"state\":{\"v\":0.5}}");
        Api.put(space, "{\"schema\":{\"inputs\":65}}").statusCode(409).body("errors.field", contains("schema"));
        Api.put(space, other).statusCode(200);
    }

    @Test
    void namesWhatIsWrongWithSettings() {
        Api.put("/v1/spaces/wrong", "{\"shema\":{}}")
                .statusCode(400)
                .body("errors.field", contains("shema"))
                .body("errors.message", hasItem(containsString("did you mean 'schema'")));
        Api.put("/v1/spaces/wrong", "{\"tiers\":{\"stm\":{\"capacity\":-1}},\"encoder\":{\"trainAftr\":3}}")
                .statusCode(400)
                .body("errors.field", hasItem("tiers.stm.capacity"))
                .body("errors.field", hasItem("encoder.trainAftr"));
        Api.put("/v1/spaces/wrong", "{\"encoder\":[]}").statusCode(400).body("errors.field", contains("encoder"));
        Api.get("/v1/spaces/wrong").statusCode(404);
    }

    @Test
    void listsSpacesPageByPage() {
        List<String> created = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            created.add(Api.newSpace().replace("/v1/spaces/", ""));
        }
        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            var page = Api.get("/v1/spaces?limit=2" + cursor).statusCode(200).extract();
            listed.addAll(page.path("items.name"));
            String next = page.path("nextCursor");
            cursor = next == null ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        assertThat(listed).containsAll(created).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void countsMemories() {
        String space = Api.newSpace();
        Api.store(space, "{\"agent\":\"a\",\"state\":{\"health\":1}}");
        Api.store(space, "{\"agent\":\"a\",\"action\":{\"action_type\":\"move\"}}");
        Api.store(space, "{\"agent\":\"b\",\"state\":{\"health\":2}}");
        Api.get(space + "/statistics")
                .statusCode(200)
                .body("memories", equalTo(3))
                .body("tiers.STM", equalTo(3))
                .body("tiers.LTM", equalTo(0))
                .body("kinds.state", equalTo(2))
                .body("kinds.action", equalTo(1))
                .body("agents.a.STM", equalTo(2))
                .body("encoder.version", equalTo(0))
                .body("recordBytes", notNullValue());
        Api.get(space + "/agents?limit=1")
                .statusCode(200)
                .body("items.agent", contains("a"))
                .body("items[0].memories", equalTo(2))
                .body("nextCursor", notNullValue());
    }
}
