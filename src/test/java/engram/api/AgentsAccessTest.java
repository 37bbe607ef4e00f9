package engram.api;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import engram.service.access.Keys;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KeysNeeded.class)
class AgentsAccessTest {
    private static final String OBSERVED =
            "{\"transitions\":[{\"observation\":[0,0,0,0],\"action\":0,\"reward\":1,\"nextObservation\":[0,0,0,0]}]}";

    private final Keys keys;
    private KeyedSpace space = new KeyedSpace(new Holder("", ""), "", "");

    @Inject
    AgentsAccessTest(Keys keys) {
        this.keys = keys;
    }

    @BeforeEach
    void makeASpace() {
        space = KeyedSpace.make(keys);
    }

    private String body(String id) {
        return "{\"id\":\"" + id + "\",\"environment\":\"CartPole-v1\",\"space\":\"" + space.name() + "\"}";
    }

    @Test
    void anAgentIsThereForWhoeverMayReadAllOfItsSpace() {
        String id = "agent-" + space.name();
        String agent = "/v1/agents/" + id;
        space.admin().post("/v1/agents", body(id)).statusCode(201);
        Holder reader = Holder.of(keys, space.name() + ":read");
        reader.get(agent).statusCode(200);
        reader.get("/v1/agents?limit=1000").body("items.id", hasItem(id));
        reader.delete(agent).statusCode(403);
        reader.post(agent + "/observe", OBSERVED).statusCode(403);
        reader.post(agent + "/trainings", "{\"steps\":1}").statusCode(403);
        reader.put(agent + "/pause", "").statusCode(403);
        reader.post("/v1/agents", body("second-" + space.name())).statusCode(403);
        for (Holder other : List.of(
                Holder.of(keys, "elsewhere:read,write"),
                Holder.of(keys, space.name() + ":write"),
                // What an agent does would tell of memories that this key may not read.
                Holder.of(keys, space.name() + ":read,write@ada"))) {
            other.get(agent).statusCode(404);
            other.post(agent + "/act", "{\"observation\":[0,0,0,0]}").statusCode(404);
            other.post(agent + "/observe", OBSERVED).statusCode(404);
            other.post(agent + "/evaluations", "{}").statusCode(404);
            other.delete(agent).statusCode(404);
            other.get("/v1/agents?limit=1000").body("items.id", not(hasItem(id)));
        }
        Holder writer = Holder.of(keys, space.name() + ":read,write");
        writer.delete(agent).statusCode(204);
        writer.post("/v1/agents", body(id)).statusCode(201);
        writer.delete(agent).statusCode(204);
    }

    @Test
    void anAgentRemembersOnlyUnderANameThatItsMakerMayWriteAs() {
        Holder ada = Holder.of(keys, space.name() + ":read", space.name() + ":write@ada");
        ada.post("/v1/agents", body("bob")).statusCode(403).body("errors.field", hasItem("agent"));
        ada.post("/v1/agents", body("ada")).statusCode(201);
        ada.delete("/v1/agents/ada").statusCode(204);
        Holder blind = Holder.of(keys, space.name() + ":write");
        blind.post("/v1/agents", body("blind")).statusCode(403).body("errors.field", equalTo(List.of("space")));
    }

    @Test
    void anAgentWithoutASpaceIsTheAdministrators() {
        Holder writer = Holder.of(keys, space.name() + ":read,write");
        String plain = "{\"id\":\"plain-" + space.name() + "\",\"environment\":\"CartPole-v1\"}";
        writer.post("/v1/agents", plain).statusCode(403);
        space.admin().post("/v1/agents", plain).statusCode(201);
        writer.get("/v1/agents/plain-" + space.name()).statusCode(404);
        space.admin().delete("/v1/agents/plain-" + space.name()).statusCode(204);
    }
}
