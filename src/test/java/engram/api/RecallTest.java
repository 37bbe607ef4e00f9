package engram.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.config.JsonPathConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RecallTest {
    @Test
    void findsTheSameStateFirst() {
        String space = healths();
        Api.post(space + "/recall", "{\"state\":{\"health\":50},\"k\":3}")
                .statusCode(200)
                .body("matches", hasSize(3))
                .body("matches[0].id", equalTo("m5"))
                .body("matches[0].tier", equalTo("STM"))
                .body("matches[0].memory.state.health", equalTo(50))
                .body("matches[0].memory.agent", equalTo("a1"))
                .body("encoder", equalTo(0))
                .body("exact", equalTo(false))
                .body("remarks", empty());
        Number best = Api.post(space + "/recall", "{\"state\":{\"health\":50},\"k\":3}")
                .extract()
                .jsonPath(JsonPathConfig.jsonPathConfig().numberReturnType(JsonPathConfig.NumberReturnType.DOUBLE))
                .get("matches[0].score");
        assertThat(best.doubleValue()).isGreaterThan(0.999).isLessThanOrEqualTo(1);
    }

    @Test
    void filtersExcludesAndLimits() {
        String space = healths();
        Api.post(
                        space + "/recall",
                        "{\"state\":{\"health\":50},\"k\":10,\"filter\":{\"field\":\"agent\",\"eq\":\"a0\"},\"exclude\":[\"m4\"]}")
                .statusCode(200)
                .body("matches.id", containsInAnyOrder("m0", "m2", "m6", "m8"));
        Api.post(space + "/recall", "{\"state\":{\"health\":50},\"minScore\":0.999}")
                .body("matches.id", contains("m5"));
        Api.post(space + "/recall", "{\"state\":{\"health\":50},\"tiers\":[\"ltm\",\"IM\"]}")
                .statusCode(200)
                .body("matches", empty());
        Api.post(space + "/recall", "{\"state\":{\"health\":50},\"exact\":true,\"k\":2}")
                .body("exact", equalTo(true))
                .body("matches", hasSize(2));
    }

    @Test
    void leavesTheMemoriesOutWhereOnlyIdsAreAskedFor() {
        Api.post(healths() + "/recall", "{\"state\":{\"health\":50},\"k\":2,\"include\":\"ids\"}")
                .statusCode(200)
                .body("matches", hasSize(2))
                .body("matches.memory", everyItem(nullValue()))
                .body("matches[0].keySet()", containsInAnyOrder("id", "score", "rank", "tier"));
    }

    @Test
    void takesEveryFormOfAQuery() {
        String space = healths();
        Api.post(space + "/recall", "{\"like\":\"m5\",\"k\":10}")
                .statusCode(200)
                .body("matches", hasSize(9))
                .body("matches.id", not(containsInAnyOrder("m5")));
        List<Float> vector = Api.post(space + "/embeddings", "{\"state\":{\"health\":30}}")
                .statusCode(200)
                .body("embeddings[0].full", hasSize(384))
                .body("embeddings[0].compressed", hasSize(128))
                .body("embeddings[0].abstract", hasSize(32))
                .extract()
                .path("embeddings[0].full");
        Api.post(space + "/recall", "{\"vector\":" + vector + ",\"k\":1}").body("matches.id", contains("m3"));
        Api.store(space, "{\"id\":\"move\",\"agent\":\"a\",\"action\":{\"action_type\":\"move\"}}");
        Api.post(space + "/recall", "{\"action\":{\"action_type\":\"move\"},\"k\":1}")
                .body("matches.id", contains("move"));
        Api.store(space, "{\"id\":\"cat\",\"agent\":\"a\",\"text\":\"The cat sleeps on the sofa.\"}");
        Api.store(space, "{\"id\":\"rate\",\"agent\":\"a\",\"text\":\"Interest rates rose again.\"}");
        Api.post(space + "/recall", "{\"text\":\"a kitten is napping\",\"k\":5}")
                .statusCode(200)
                .body("matches.id", contains("cat", "rate"));
        Api.post(space + "/embeddings", "{\"texts\":[\"one\",\"two\"]}").body("embeddings", hasSize(2));
    }

    @Test
    void ranksByMoreThanSimilarity() {
        String space = Api.newSpace();
        Api.store(
                space,
                "{\"id\":\"old\",\"agent\":\"a\",\"time\":\"2020-01-01T00:00:00Z\",\"importance\":1,\"state\":{\"health\":50}}");
        Api.store(space, "{\"id\":\"new\",\"agent\":\"a\",\"importance\":0,\"state\":{\"health\":58}}");
        Api.post(space + "/recall", "{\"state\":{\"health\":50}}").body("matches.id", contains("old", "new"));
        Api.post(space + "/recall", "{\"state\":{\"health\":50},\"rank\":{\"recency\":1,\"halfLife\":\"P1D\"}}")
                .body("matches.id", contains("new", "old"))
                .body("matches[1].rank.doubleValue()", lessThan(0.001));
        Api.post(space + "/recall", "{\"state\":{\"health\":58},\"rank\":{\"similarity\":0.1,\"importance\":1}}")
                .body("matches.id", contains("old", "new"));
    }

    @Test
    void countsRecallsInMemories() {
        String space = healths();
        Api.post(space + "/recall", "{\"state\":{\"health\":50},\"k\":1}").statusCode(200);
        Api.post(space + "/consolidations", "{\"dryRun\":true}").statusCode(200);
        Api.get(space + "/memories/m5").body("recalls", equalTo(1));
        Api.get(space + "/memories/m0").body("recalls", equalTo(0));
    }

    @Test
    void remarksOnWhatFoundNoPlaceOfItsOwn() {
        String space = Api.newSpace();
        Api.post(space + "/memories", "{\"agent\":\"a\",\"state\":{\"health\":500,\"agent_type\":\"wizard\"}}")
                .statusCode(201)
                .body("remarks.kind", containsInAnyOrder("clipped", "unknown_category"))
                .body("remarks.field", containsInAnyOrder("health", "agent_type"));
        Api.post(space + "/embeddings", "{\"state\":{\"health\":500}}")
                .body("embeddings[0].remarks.kind", contains("clipped"));
    }

    @Test
    void consolidatesOnRequest() {
        String space = Api.newSpace("{\"encoder\":{\"trainAfter\":0},\"tiers\":{\"stm\":{\"capacity\":2}}}");
        for (int i = 0; i < 5; i++) {
            Api.store(
                    space,
                    "{\"id\":\"m" + i + "\",\"agent\":\"a\",\"step\":" + i + ",\"state\":{\"health\":" + 20 * i
                            + ",\"note\":\"n" + i + "\"}}");
        }
        Api.post(space + "/consolidations", "{\"dryRun\":true}")
                .statusCode(200)
                .body("dryRun", equalTo(true))
                .body("after.IM", equalTo(3));
        Api.get(space + "/statistics").body("tiers.STM", equalTo(5));
        Api.post(space + "/consolidations", "{}").statusCode(200).body("before.STM", equalTo(5));
        Api.get(space + "/statistics").body("tiers.STM", equalTo(2)).body("tiers.IM", equalTo(3));
        Api.post(space + "/recall", "{\"state\":{\"health\":40},\"k\":5}")
                .statusCode(200)
                .body("matches", hasSize(5))
                .body("matches.tier", containsInAnyOrder("STM", "STM", "IM", "IM", "IM"));
        Api.post(space + "/consolidations", "{\"dryrun\":true}")
                .statusCode(400)
                .body("errors.field", contains("dryrun"));
    }

    /** Ten states of two agents with health 0, 10, … 90; their ids are m0, m1, … m9. */
    private static String healths() {
        String space = Api.newSpace();
        for (int i = 0; i < 10; i++) {
            Api.store(
                    space,
                    "{\"id\":\"m" + i + "\",\"agent\":\"a" + i % 2 + "\",\"state\":{\"health\":" + 10 * i + "}}");
        }
        return space;
    }
}
