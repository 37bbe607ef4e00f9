package engram.service;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OperationsTest {
    @Test
    void isLiveAndReady() {
        get("/q/health/live").then().statusCode(200).body("checks.name", hasItem("process"));
        get("/q/health/ready").then().statusCode(200).body("checks.find { it.name == 'memory' }.status", equalTo("UP"));
    }

    @Test
    void measuresRecallsAndWrites() {
        json("{}").put("/v1/spaces/measured").then().statusCode(201);
        json("{\"agent\":\"a\",\"state\":{\"health\":1}}")
                .post("/v1/spaces/measured/memories")
                .then()
                .statusCode(201);
        json("{\"state\":{\"health\":1}}")
                .post("/v1/spaces/measured/recall")
                .then()
                .statusCode(200);
        get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("engram_recall_seconds_bucket"))
                .body(containsString("engram_remember_seconds_count"))
                .body(containsString("engram_store_search_seconds_count"))
                .body(containsString("engram_store_commit_seconds_count"))
                .body(containsString("engram_memories_stored_total"))
                .body(containsString("engram_spaces_open"));
    }

    private static io.restassured.specification.RequestSpecification json(String body) {
        return given().contentType(ContentType.JSON).body(body);
    }
}
