package engram.service;

import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Test;

/** What an operator needs from the packaged application. */
@QuarkusIntegrationTest
class OperationsIT {
    @Test
    void isLiveAndReady() {
        get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
        get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void reportsMetrics() {
        get("/q/metrics").then().statusCode(200).body(containsString("jvm_memory_used_bytes"));
    }

    @Test
    void documentsItself() {
        get("/q/openapi?format=json").then().statusCode(200).body("openapi", startsWith("3."));
        get("/q/swagger-ui/").then().statusCode(200).body(containsString("/q/openapi"));
    }
}
