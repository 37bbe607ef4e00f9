package engram.service;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;

/** The main flow against the packaged application. */
@QuarkusIntegrationTest
class ServiceIT {
    @Test
    void remembersRecallsConsolidatesAndForgets() {
        String space = "/v1/spaces/flow-" + Long.toString(System.nanoTime(), 36);
        given().contentType(ContentType.JSON)
                .body("{\"encoder\":{\"trainAfter\":0},\"tiers\":{\"stm\":{\"capacity\":3}}}")
                .put(space)
                .then()
                .statusCode(201);
        StringBuilder memories = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            memories.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"m" + i + "\",\"agent\":\"a\",\"step\":" + i + ",\"state\":{\"health\":" + 10 * i
                            + "}}");
        }
        post(space + "/memories/batch", "{\"memories\":[" + memories + "]}").body("created", hasSize(10));
        post(space + "/recall", "{\"state\":{\"health\":70},\"k\":1}").body("matches.id", contains("m7"));
        post(space + "/consolidations", "{}");
        get(space + "/statistics").then().body("tiers.STM", equalTo(3)).body("tiers.IM", equalTo(7));
        post(space + "/recall", "{\"state\":{\"health\":30},\"k\":10}")
                .body("matches[0].id", equalTo("m3"))
                .body("matches.tier", hasItem("IM"));
        get(space + "/memories/m3/state").then().statusCode(200).body("state.health", equalTo(30));
        given().delete(space).then().statusCode(204);
        get(space).then().statusCode(404).contentType("application/problem+json");
    }

    private static ValidatableResponse post(String path, String json) {
        return given().contentType(ContentType.JSON)
                .body(json)
                .post(path)
                .then()
                .statusCode(200);
    }
}
