package engram.api;

import static io.restassured.RestAssured.given;

import engram.service.access.Grant;
import engram.service.access.Keys;
import engram.service.access.RateLimit;
import engram.service.access.Right;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Somebody with a key, who sends requests. */
record Holder(String id, String secret) {
    /** Makes a key of grants such as {@code arena:read,write} or {@code arena:read@ada,bob}. */
    static Holder of(Keys keys, String... grants) {
        return of(keys, Optional.empty(), grants);
    }

    static Holder of(Keys keys, Optional<RateLimit> limit, String... grants) {
        if (keys.list().isEmpty()) {
            keys.create(new Keys.NewKey("first", List.of(grant("*:admin")), Optional.empty(), Optional.empty()));
        }
        List<Grant> all = new ArrayList<>();
        for (String grant : grants) {
            all.add(grant(grant));
        }
        Keys.Created created = keys.create(new Keys.NewKey("holder", all, Optional.empty(), limit));
        return new Holder(created.key().id(), created.secret());
    }

    private static Grant grant(String text) {
        String[] parts = text.split("[:@]", -1);
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (String right : parts[1].split(",", -1)) {
            rights.add(Right.of(right).orElseThrow());
        }
        return Grant.of(
                parts[0], rights, parts.length < 3 ? Set.of() : new TreeSet<>(List.of(parts[2].split(",", -1))));
    }

    RequestSpecification request() {
        return given().urlEncodingEnabled(false).header("Authorization", "Bearer " + secret);
    }

    ValidatableResponse get(String path) {
        return request().get(path).then();
    }

    ValidatableResponse delete(String path) {
        return request().delete(path).then();
    }

    ValidatableResponse post(String path, String json) {
        return request().contentType(ContentType.JSON).body(json).post(path).then();
    }

    ValidatableResponse put(String path, String json) {
        return request().contentType(ContentType.JSON).body(json).put(path).then();
    }

    ValidatableResponse patch(String path, String json) {
        return request().contentType(ContentType.JSON).body(json).patch(path).then();
    }
}
