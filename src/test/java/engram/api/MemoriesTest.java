package engram.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class MemoriesTest {
    @Test
    void givesBackWhatWasSent() {
        String space = Api.newSpace();
        Api.post(space + "/memories", """
                        {"id":"m 1","agent":"forager-1","step":17,"time":"2026-01-02T03:04:05.678Z",
                         "state":{"health":80.5,"deep":{"list":[1,2,{"x":null}]},"ünï":"\\u0000 ☃"},
                         "action":{"action_type":"gather"},"reward":0.25,"tags":{"episode":3,"dry":true},
                         "pinned":true,"importance":0.75}
                        """)
                .statusCode(201)
                .header("Location", space + "/memories/m%201")
                .header("ETag", "\"1\"")
                .body("id", equalTo("m 1"))
                .body("tier", equalTo("STM"));
        Api.get(space + "/memories/m%201")
                .statusCode(200)
                .header("ETag", "\"1\"")
                .body("id", equalTo("m 1"))
                .body("agent", equalTo("forager-1"))
                .body("kind", equalTo("state"))
                .body("step", equalTo(17))
                .body("time", equalTo("2026-01-02T03:04:05.678Z"))
                .body("tier", equalTo("STM"))
                .body("state.health", equalTo(80.5f))
                .body("state.deep.list[1]", equalTo(2))
                .body("state.'ünï'", equalTo("\u0000 ☃"))
                .body("action.action_type", equalTo("gather"))
                .body("reward", equalTo(0.25f))
                .body("tags.episode", equalTo(3))
                .body("tags.dry", equalTo(true))
                .body("pinned", equalTo(true))
                .body("importance", equalTo(0.75f))
                .body("recalls", equalTo(0))
                .body("lastRecalled", nullValue())
                .body("count", equalTo(1))
                .body("derivedFrom", empty())
                .body("reconstructed", equalTo(false))
                .body("revision", equalTo(1));
        Api.get(space + "/memories/m%201/state")
                .statusCode(200)
                .body("state.health", equalTo(80.5f))
                .body("reconstructed", equalTo(false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text|\"text\":\"hello there\"",
                "experience|\"experience\":{\"observation\":[0.1,0.2],\"action\":1,\"reward\":1},\"state\":{\"a\":1}",
                "interaction|\"interaction\":{\"with\":\"b\"},\"state\":{\"a\":1}",
                "state|\"state\":{\"a\":1},\"action\":{\"action_type\":\"move\"}",
                "action|\"action\":{\"action_type\":\"move\"}",
            })
    void infersTheKind(String kind, String payload) {
        String space = Api.newSpace();
        String id = Api.store(space, "{\"agent\":\"a\"," + payload + "}");
        Api.get(space + "/memories/" + id).body("kind", equalTo(kind)).body("step", nullValue());
        assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-.*");
    }

    @Test
    void refusesAnIdThatExists() {
        String space = Api.newSpace();
        Api.store(space, "{\"id\":\"x\",\"agent\":\"a\",\"state\":{\"health\":1}}");
        Api.post(space + "/memories", "{\"id\":\"x\",\"agent\":\"a\",\"state\":{\"health\":2}}")
                .statusCode(409)
                .contentType("application/problem+json")
                .body("errors.field", contains("id"));
        Api.get(space + "/memories/x").body("state.health", equalTo(1));
    }

    @Test
    void storesWhatIsGoodOfABatchAndReportsTheRest() {
        String space = Api.newSpace();
        Api.store(space, "{\"id\":\"there\",\"agent\":\"a\",\"state\":{\"health\":1}}");
        Api.post(space + "/memories/batch", """
                        {"memories":[
                          {"id":"good","agent":"a","state":{"health":1}},
                          {"id":"there","agent":"a","state":{"health":1}},
                          {"agent":"a","state":{"health":1},"stpe":3},
                          {"agent":"a","state":"no object"},
                          17,
                          {"id":"twice","agent":"a","text":"one"},
                          {"id":"twice","agent":"a","text":"two"},
                          {"agent":"a","kind":"text","state":{"health":1}}
                        ]}
                        """)
                .statusCode(200)
                .body("created.index", contains(0, 5))
                .body("created.id", contains("good", "twice"))
                .body("failed.index", contains(1, 2, 3, 4, 6, 7))
                .body("failed.problem.status", contains(409, 400, 400, 400, 409, 400))
                .body("failed[1].problem.errors.field", contains("memories[2].stpe"))
                .body("failed[2].problem.errors.field", contains("memories[3].state"));
        Api.get(space + "/memories/twice").body("text", equalTo("one"));
        Api.get(space + "/statistics").body("memories", equalTo(3));
    }

    @Test
    void listsPageByPageInBothOrders() {
        String space = Api.newSpace();
        String memories = IntStream.range(0, 25)
                .mapToObj(i -> "{\"id\":\"m" + i + "\",\"agent\":\"a" + i % 2 + "\",\"step\":" + i
                        + ",\"time\":\"2026-01-01T00:00:" + (10 + i / 3) + "Z\",\"state\":{\"health\":" + i + "}}")
                .collect(Collectors.joining(","));
        Api.post(space + "/memories/batch", "{\"memories\":[" + memories + "]}").body("created", hasSize(25));
        List<String> newest = pages(space + "/memories?limit=4");
        List<String> oldest = pages(space + "/memories?limit=7&order=oldest");
        assertThat(newest).hasSize(25).doesNotHaveDuplicates().startsWith("m24");
        assertThat(oldest.reversed()).isEqualTo(newest);
        assertThat(pages(space + "/memories?limit=3&agent=a1&fromStep=4&toStep=10"))
                .containsExactlyInAnyOrder("m5", "m7", "m9");
        Api.get(space + "/memories?from=2026-01-01T00:00:18Z").body("items.id", contains("m24"));
        Api.get(space + "/memories?tier=im").body("items", empty());
        Api.get(space + "/memories?kind=STATE&limit=2").body("items", hasSize(2));
    }

    private static List<String> pages(String path) {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            var page = Api.get(path + cursor).statusCode(200).extract();
            ids.addAll(page.path("items.id"));
            String next = page.path("nextCursor");
            cursor = next == null ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        return ids;
    }

    @Test
    void queriesByAFilterExpression() {
        String space = Api.newSpace();
        for (int i = 0; i < 6; i++) {
            Api.store(
                    space,
                    "{\"id\":\"m" + i + "\",\"agent\":\"a\",\"tags\":{\"n\":" + i + "},\"state\":{\"health\":" + 10 * i
                            + ",\"at\":{\"place\":\"Well " + i + "\"}}}");
        }
        String filter =
                "{\"and\":[{\"field\":\"payload.state.health\",\"gte\":20},{\"not\":{\"field\":\"tags.n\",\"in\":[3,4]}},"
                        + "{\"field\":\"payload.state.at.place\",\"contains\":\"well\",\"ignoreCase\":true}]}";
        Api.post(space + "/memories/query", "{\"filter\":" + filter + "}")
                .statusCode(200)
                .body("items.id", containsInAnyOrder("m2", "m5"))
                .body("nextCursor", nullValue());
        Api.post(space + "/memories/query", "{\"limit\":2,\"order\":\"oldest\"}")
                .body("items", hasSize(2));
    }

    @Test
    void bindsACursorToItsQuery() {
        String space = Api.newSpace();
        for (int i = 0; i < 3; i++) {
            Api.store(space, "{\"agent\":\"a\",\"state\":{\"health\":" + i + "}}");
        }
        String cursor = Api.get(space + "/memories?agent=a&limit=1").extract().path("nextCursor");
        Api.get(space + "/memories?agent=a&limit=2&cursor=" + cursor)
                .statusCode(200)
                .body("items", hasSize(2));
        for (String other : List.of("?agent=b&", "?agent=a&order=oldest&", "?")) {
            Api.get(space + "/memories" + other + "cursor=" + cursor)
                    .statusCode(400)
                    .body("errors.field", contains("cursor"));
        }
        Api.get(Api.newSpace() + "/memories?agent=a&cursor=" + cursor).statusCode(400);
        for (String nonsense : List.of("x", "%00", "AAAA", "a".repeat(2000))) {
            Api.get(space + "/memories?cursor=" + nonsense).statusCode(400).body("errors.field", contains("cursor"));
        }
    }

    @Test
    void editsWhatIfMatchNames() {
        String space = Api.newSpace();
        String path = space + "/memories/"
                + Api.store(space, "{\"agent\":\"a\",\"state\":{\"health\":1},\"importance\":0.5,\"tags\":{\"a\":1}}");
        Api.patch(path, "{\"pinned\":true,\"tags\":{\"b\":\"two\"}}")
                .statusCode(200)
                .header("ETag", "\"2\"")
                .body("pinned", equalTo(true))
                .body("tags", equalTo(java.util.Map.of("b", "two")))
                .body("importance", equalTo(0.5f));
        Api.patch(path, "{\"importance\":null}").statusCode(200).body("importance", nullValue());
        given().contentType(ContentType.JSON)
                .header("If-Match", "\"1\"")
                .body("{\"pinned\":false}")
                .patch(path)
                .then()
                .statusCode(412);
        given().header("If-Match", "\"1\"").delete(path).then().statusCode(412);
        given().header("If-Match", "\"3\"").delete(path).then().statusCode(204);
        Api.delete(path).statusCode(404);
        Api.patch(path, "{}").statusCode(404);
        Api.get(path).statusCode(404);
        Api.get(path + "/state").statusCode(404);
    }

    @Test
    void namesWhatIsWrongWithAnEdit() {
        String space = Api.newSpace();
        String path = space + "/memories/" + Api.store(space, "{\"agent\":\"a\",\"state\":{\"health\":1}}");
        Api.patch(path, "{\"importance\":1.5}").statusCode(400).body("errors.field", contains("importance"));
        Api.patch(path, "{\"importance\":\"high\"}").statusCode(400).body("errors.field", contains("importance"));
        Api.patch(path, "{\"tags\":{\"x\":[1]}}").statusCode(400).body("errors.field", contains("tags.x"));
        Api.patch(path, "{\"pined\":true}").statusCode(400).body("errors.field", contains("pined"));
        Api.patch(path, "{\"pinned\":1}").statusCode(400).body("errors.field", contains("pinned"));
        Api.get(path).body("revision", equalTo(1));
    }

    @Test
    void writesOnceHoweverOftenAKeyIsSent() {
        String space = Api.newSpace();
        String memory = "{\"agent\":\"a\",\"state\":{\"health\":1}}";
        String first = keyed(space + "/memories", "k1", memory)
                .statusCode(201)
                .extract()
                .asString();
        String second = keyed(space + "/memories", "k1", memory)
                .statusCode(201)
                .extract()
                .asString();
        assertThat(second).isEqualTo(first);
        keyed(space + "/memories", "k1", "{\"agent\":\"a\",\"state\":{\"health\":2}}")
                .statusCode(409)
                .body("errors.field", contains("Idempotency-Key"));
        String batch = "{\"memories\":[" + memory + "," + memory + "]}";
        String created = keyed(space + "/memories/batch", "k2", batch)
                .statusCode(200)
                .extract()
                .asString();
        assertThat(keyed(space + "/memories/batch", "k2", batch).extract().asString())
                .isEqualTo(created);
        keyed(space + "/memories/batch", "k1", batch).statusCode(409);
        keyed(space + "/memories", "with space", memory)
                .statusCode(400)
                .body("errors.field", contains("Idempotency-Key"));
        Api.get(space + "/statistics").body("memories", equalTo(3));
    }

    private static io.restassured.response.ValidatableResponse keyed(String path, String key, String body) {
        return given().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body(body)
                .post(path)
                .then();
    }

    @Test
    void clearsOnlyWhatItIsToldTo() {
        String space = Api.newSpace();
        for (String agent : List.of("a", "a", "b")) {
            Api.store(space, "{\"agent\":\"" + agent + "\",\"state\":{\"health\":1}}");
        }
        Api.delete(space + "/memories").statusCode(400);
        Api.delete(space + "/memories?all=false").statusCode(400);
        Api.delete(space + "/memories?all=true&agent=a").statusCode(400);
        Api.delete(space + "/memories?agent=a").statusCode(200).body("deleted", equalTo(2));
        Api.get(space + "/statistics").body("memories", equalTo(1));
        Api.delete(space + "/memories?all=true").statusCode(200).body("deleted", equalTo(1));
        Api.get(space + "/statistics").body("memories", equalTo(0));
    }

    @Test
    void tellsSnapshotsAndHistoryOfAnAgent() {
        String space = Api.newSpace();
        int[] health = {10, 10, 20, 30, 30};
        for (int step = 0; step < health.length; step++) {
            Api.store(
                    space,
                    "{\"agent\":\"a\",\"step\":" + step + ",\"time\":\"2026-01-01T00:00:0" + step
                            + "Z\",\"state\":{\"health\":" + health[step] + "}}");
        }
        Api.get(space + "/agents/a/snapshots?steps=1,3,99")
                .statusCode(200)
                .body("items.step", contains(1, 3))
                .body("items.state.health", contains(10, 30))
                .body("items.reconstructed", contains(false, false));
        Api.get(space + "/agents/a/history?attribute=health")
                .statusCode(200)
                .body("items.value", contains(10, 20, 30))
                .body("items.previous", contains(null, 10, 20))
                .body("items.step", contains(0, 2, 3));
        Api.get(space + "/agents/a/history?attribute=health&fromStep=3&toStep=4")
                .body("items.step", hasItem(3))
                .body("items.value", hasItem(30));
        Api.get(space + "/agents/a/snapshots").statusCode(400).body("errors.field", contains("steps"));
        Api.get(space + "/agents/a/snapshots?steps=1,x").statusCode(400).body("errors.field", contains("steps"));
        Api.get(space + "/agents/a/history").statusCode(400).body("errors.field", contains("attribute"));
    }

    @Test
    void answersStatesOnlyOfMemoriesThatHaveOne() {
        String space = Api.newSpace();
        String text = Api.store(space, "{\"agent\":\"a\",\"text\":\"hello\"}");
        Api.get(space + "/memories/" + text + "/state").statusCode(404).body("detail", matchesPattern(".*state.*"));
    }
}
