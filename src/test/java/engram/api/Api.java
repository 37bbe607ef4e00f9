package engram.api;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests of the tests. Each test has a space of its own, so that all can share one service. */
final class Api {
    private static final AtomicInteger SPACES = new AtomicInteger();
    private static final String RUN = Long.toString(System.nanoTime(), 36);

    private Api() {}

    /** Creates a space that nothing else uses, whose encoder does not train by itself, and returns its path. */
    static String newSpace() {
        return newSpace("{\"encoder\":{\"trainAfter\":0}}");
    }

    /** Creates a space with these settings and returns its path. */
    static String newSpace(String settings) {
        String path = "/v1/spaces/t" + RUN + "-" + SPACES.incrementAndGet();
        put(path, settings).statusCode(201);
        return path;
    }

    static ValidatableResponse put(String path, String json) {
        return given().contentType(ContentType.JSON).body(json).put(path).then();
    }

    static ValidatableResponse post(String path, String json) {
        return given().contentType(ContentType.JSON).body(json).post(path).then();
    }

    static ValidatableResponse patch(String path, String json) {
        return given().contentType(ContentType.JSON).body(json).patch(path).then();
    }

    static ValidatableResponse get(String path) {
        return given().urlEncodingEnabled(false).get(path).then();
    }

    static ValidatableResponse delete(String path) {
        return given().urlEncodingEnabled(false).delete(path).then();
    }

    /** Stores a memory and returns its id. */
    static String store(String space, String memory) {
        return post(space + "/memories", memory).statusCode(201).extract().path("id");
    }
}
