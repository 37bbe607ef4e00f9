package engram.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import engram.service.access.Keys;
import engram.service.access.RateLimit;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KeysNeeded.class)
class AccessTest {
    private final Keys keys;
    private Holder admin = new Holder("", "");
    private String name = "";
    private String space = "";

    @Inject
    AccessTest(Keys keys) {
        this.keys = keys;
    }

    @BeforeEach
    void makeASpace() {
        KeyedSpace made = KeyedSpace.make(keys);
        admin = made.admin();
        name = made.name();
        space = made.path();
    }

    @Test
    void needsAKeyThatIsValid() {
        given().get(space)
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", containsString("Bearer"))
                .contentType("application/problem+json")
                .body("type", equalTo("urn:engram:problem:unauthenticated"));
        String wrong = admin.secret().substring(0, admin.secret().length() - 1)
                + (admin.secret().endsWith("a") ? "b" : "a");
        for (String key : List.of("", "nonsense", wrong, admin.secret().toUpperCase(java.util.Locale.ROOT))) {
            given().header("Authorization", "Bearer " + key).get(space).then().statusCode(401);
            given().header("X-API-Key", key).get(space).then().statusCode(401);
        }
        given().header("Authorization", "Basic " + admin.secret())
                .get(space)
                .then()
                .statusCode(401);
        given().header("X-API-Key", admin.secret()).get(space).then().statusCode(200);
        given().header("authorization", "bearer " + admin.secret())
                .get(space)
                .then()
                .statusCode(200);
        given().head(space).then().statusCode(401);
        given().options(space).then().statusCode(lessThan(500));
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/openapi").then().statusCode(200);
    }

    @Test
    void grantsReadingAlone() {
        Holder reader = Holder.of(keys, name + ":read");
        reader.get(space).statusCode(200);
        reader.get(space + "/memories").statusCode(200).body("items.size()", equalTo(3));
        reader.post(space + "/recall", "{\"state\":{\"health\":12},\"k\":3}")
                .statusCode(200)
                .body("matches.size()", equalTo(3));
        reader.post(space + "/memories", "{\"agent\":\"ada\",\"state\":{\"health\":1}}")
                .statusCode(403)
                .body("type", equalTo("urn:engram:problem:not-allowed"));
        reader.patch(space + "/memories/ada-1", "{\"pinned\":true}").statusCode(403);
        reader.delete(space + "/memories/ada-1").statusCode(403);
        reader.delete(space + "/memories?all=true").statusCode(403);
        reader.put(space, "{}").statusCode(403);
        reader.delete(space).statusCode(403);
        reader.post(space + "/consolidations", "{}").statusCode(403);
        reader.post(space + "/encoders", "{}").statusCode(403);
        reader.get(space + "/shares").statusCode(403);
        reader.get("/v1/admin/keys").statusCode(403);
        reader.get("/v1/admin/audit").statusCode(403);
    }

    @Test
    void hidesWhatMayNotBeRead() {
        Holder stranger = Holder.of(keys, "elsewhere:read,write", "acc:read");
        String missing = stranger.get("/v1/spaces/not-there/statistics")
                .statusCode(404)
                .extract()
                .asString();
        String hidden =
                stranger.get(space + "/statistics").statusCode(404).extract().asString();
        assertThat(hidden.replace(name, "not-there")).isEqualTo(missing);
        stranger.post(space + "/memories", "{\"agent\":\"a\",\"state\":{}}").statusCode(404);
        stranger.put(space, "{}").statusCode(404);
        stranger.put("/v1/spaces/not-there", "{}").statusCode(404);
        stranger.delete(space).statusCode(404);
        stranger.get("/v1/spaces?limit=1000").statusCode(200).body("items", empty());
        Holder some = Holder.of(keys, name + ":read");
        some.get("/v1/spaces?limit=1000").statusCode(200).body("items.name", contains(name));
    }

    @Test
    void grantsByTheBeginningOfNames() {
        Holder holder = Holder.of(keys, name.substring(0, 6) + "*:read");
        holder.get(space).statusCode(200);
        holder.get("/v1/spaces?limit=1000").statusCode(200).body("items.name", hasItem(name));
        Holder literal = Holder.of(keys, name + ":read");
        literal.get("/v1/spaces/%2A").statusCode(404);
        literal.get("/v1/spaces/" + name + "*").statusCode(404);
    }

    @Test
    void grantsWritingAlone() {
        Holder sensor = Holder.of(keys, name + ":write");
        sensor.post(space + "/memories", "{\"agent\":\"c\",\"state\":{\"health\":1}}")
                .statusCode(201);
        sensor.get(space + "/memories").statusCode(404);
        sensor.get("/v1/spaces?limit=1000").body("items", empty());
    }

    @Test
    void keepsToTheAgentsOfAKey() {
        Holder ada = Holder.of(keys, name + ":read,write@ada");
        ada.get(space + "/memories").body("items.agent", everyItem(equalTo("ada")));
        ada.get(space + "/memories?agent=bob").statusCode(200).body("items", empty());
        ada.post(space + "/memories/query", "{\"filter\":{\"field\":\"agent\",\"eq\":\"bob\"}}")
                .statusCode(200)
                .body("items", empty());
        ada.post(space + "/memories/query", "{\"filter\":{\"not\":{\"field\":\"agent\",\"eq\":\"ada\"}}}")
                .body("items", empty());
        ada.post(space + "/recall", "{\"state\":{\"health\":12},\"k\":10}")
                .body("matches.size()", equalTo(2))
                .body("matches.memory.agent", everyItem(equalTo("ada")));
        ada.post(space + "/recall", "{\"like\":\"bob-1\"}").statusCode(404);
        ada.post(space + "/recall", "{\"like\":\"ada-1\"}").statusCode(200).body("matches.id", contains("ada-2"));
        ada.get(space + "/memories/bob-1").statusCode(404);
        ada.get(space + "/memories/bob-1/state").statusCode(404);
        ada.patch(space + "/memories/bob-1", "{\"pinned\":true}").statusCode(404);
        ada.delete(space + "/memories/bob-1").statusCode(404);
        ada.get(space + "/agents").body("items.agent", contains("ada"));
        ada.get(space + "/agents/bob/snapshots?steps=12").statusCode(200).body("items", empty());
        ada.get(space + "/agents/ada/snapshots?steps=10").body("items.size()", equalTo(1));
        ada.get(space + "/agents/bob/history?attribute=health").body("items", empty());
        ada.get(space + "/statistics")
                .body("memories", equalTo(2))
                .body("agents.bob", nullValue())
                .body("kinds.state", equalTo(2));
        String export =
                ada.post(space + "/exports", "{}").statusCode(200).extract().asString();
        assertThat(export).contains("ada-1").doesNotContain("bob");
        ada.post(space + "/memories", "{\"agent\":\"bob\",\"state\":{\"health\":1}}")
                .statusCode(403)
                .body("errors.field", contains("agent"));
        ada.post(
                        space + "/memories/batch",
                        "{\"memories\":[{\"agent\":\"ada\",\"state\":{\"health\":1}},{\"agent\":\"bob\",\"state\":{}}]}")
                .statusCode(200)
                .body("created.index", contains(0))
                .body("failed[0].problem.status", equalTo(403))
                .body("failed[0].problem.errors.field", contains("memories[1].agent"));
        ada.delete(space + "/memories?agent=bob").statusCode(403).body("errors.field", contains("agent"));
        ada.delete(space + "/memories?all=true").statusCode(200).body("deleted", equalTo(3));
        admin.get(space + "/memories").body("items.id", contains("bob-1"));
    }

    @Test
    void readsMoreThanItWrites() {
        Holder ada = Holder.of(keys, name + ":read", name + ":write@ada");
        ada.get(space + "/memories/bob-1").statusCode(200);
        ada.delete(space + "/memories/bob-1").statusCode(403).body("errors.field", contains("agent"));
        ada.patch(space + "/memories/ada-1", "{\"pinned\":true}").statusCode(200);
        ada.delete(space + "/memories?all=true").statusCode(200).body("deleted", equalTo(2));
    }

    @Test
    void importsOnlyItsOwnAgents() {
        String export = admin.post(space + "/exports", "{}").extract().asString();
        Holder ada = Holder.of(keys, name + "-copy:read,write@ada");
        admin.put(space + "-copy", "{}").statusCode(201);
        ada.request()
                .contentType("application/octet-stream")
                .body(export.getBytes(StandardCharsets.UTF_8))
                .post(space + "-copy/imports?wait=true")
                .then()
                .statusCode(200)
                .body("imported", equalTo(2))
                .body("failed", equalTo(1))
                .body("failures.field", contains("agent"));
        admin.get(space + "-copy/memories").body("items.agent", everyItem(equalTo("ada")));
    }

    @Test
    void showsRunsOnWhatMayBeRead() {
        String run = admin.request()
                .contentType("application/octet-stream")
                .body(admin.post(space + "/exports", "{}").extract().asByteArray())
                .post(space + "/imports")
                .then()
                .statusCode(202)
                .extract()
                .header("Location");
        for (Holder stranger : List.of(Holder.of(keys, "elsewhere:admin"), Holder.of(keys, name + ":read,write@ada"))) {
            stranger.get(run).statusCode(404);
            stranger.get(run + "/events").statusCode(404);
            stranger.delete(run).statusCode(404);
            stranger.get("/v1/runs?limit=1000").body("items", empty());
        }
        Holder reader = Holder.of(keys, name + ":read");
        reader.get(run).statusCode(200);
        reader.get("/v1/runs?limit=1000").body("items.subject", everyItem(equalTo(name)));
        reader.delete(run).statusCode(403);
        Holder.of(keys, name + ":read,write").delete(run).statusCode(202);
    }

    @Test
    void administersASpaceButNotTheService() {
        Holder owner = Holder.of(keys, name + ":admin");
        owner.put(space, "{\"tiers\":{\"stm\":{\"capacity\":5}}}").statusCode(200);
        owner.post(space + "/consolidations", "{\"dryRun\":true}").statusCode(200);
        owner.delete(space).statusCode(403);
        owner.get("/v1/admin/keys").statusCode(403);
        owner.put("/v1/spaces/another", "{}").statusCode(404);
        Holder.of(keys, "another*:admin").put("/v1/spaces/another", "{}").statusCode(403);
    }

    @Test
    void limitsTheRate() {
        Holder slow = Holder.of(keys, Optional.of(new RateLimit(0.01, 2)), name + ":read");
        slow.get(space).statusCode(200);
        slow.get(space).statusCode(200);
        slow.get(space)
                .statusCode(429)
                .header("Retry-After", notNullValue())
                .body("type", equalTo("urn:engram:problem:too-many-requests"));
        admin.get(space).statusCode(200);
    }
}
