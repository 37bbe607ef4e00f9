package engram.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import engram.service.access.Keys;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KeysNeeded.class)
class KeysTest {
    private final Keys keys;
    private Holder admin = new Holder("", "");
    private String name = "";
    private String space = "";

    @Inject
    KeysTest(Keys keys) {
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
    void makesChangesAndRevokesKeys() {
        var made = admin.post(
                        "/v1/admin/keys",
                        "{\"name\":\"forager\",\"grants\":[{\"space\":\"" + name
                                + "\",\"rights\":[\"read\"]}],\"expires\":\"2999-01-01T00:00:00Z\",\"rate\":50}")
                .statusCode(201)
                .header("Cache-Control", "no-store")
                .body("key.name", equalTo("forager"))
                .extract();
        Holder forager = new Holder(made.path("key.id"), made.path("secret"));
        assertThat(made.header("Location")).isEqualTo("/v1/admin/keys/" + forager.id());
        String key = "/v1/admin/keys/" + forager.id();
        admin.get(key).body("lastUsed", nullValue()).body("rate", equalTo(50f));
        forager.get(space).statusCode(200);
        admin.get(key).body("lastUsed", notNullValue());
        assertThat(admin.get("/v1/admin/keys?limit=1000").extract().asString())
                .contains(forager.id())
                .doesNotContain(forager.secret())
                .doesNotContain(forager.secret().substring(20));
        admin.patch(key, "{\"grants\":[],\"expires\":null,\"rate\":null}")
                .statusCode(200)
                .body("name", equalTo("forager"))
                .body("grants", empty())
                .body("expires", nullValue())
                .body("rate", nullValue());
        forager.get(space).statusCode(404);
        admin.patch(key, "{\"name\":\"f2\"}").statusCode(200).body("name", equalTo("f2"));
        admin.delete(key).statusCode(204);
        admin.delete(key).statusCode(204);
        forager.get(space).statusCode(401);
        admin.patch(key, "{\"name\":\"f3\"}").statusCode(409);
        admin.get("/v1/admin/keys/nope").statusCode(404);
    }

    @Test
    void namesWhatIsWrongWithAKey() {
        String keysPath = "/v1/admin/keys";
        admin.post(keysPath, "{\"grants\":[]}").statusCode(400).body("errors.field", contains("name"));
        admin.post(keysPath, "{\"name\":\"n\"}").statusCode(400).body("errors.field", contains("grants"));
        admin.post(keysPath, "{\"name\":\"n\",\"grants\":[{\"space\":\"A b\",\"rights\":[\"read\"]}]}")
                .statusCode(400)
                .body("errors.field", contains("grants[0].space"));
        admin.post(keysPath, "{\"name\":\"n\",\"grants\":[{\"space\":\"a\",\"rights\":[\"raed\"]}]}")
                .statusCode(400)
                .body("errors[0].message", containsString("did you mean 'read'"));
        admin.post(
                        keysPath,
                        "{\"name\":\"n\",\"grants\":[{\"space\":\"a\",\"rights\":[\"admin\"],\"agents\":[\"x\"]}]}")
                .statusCode(400)
                .body("errors.field", contains("grants[0].agents"));
        admin.post(keysPath, "{\"name\":\"n\",\"grants\":[],\"expires\":\"2001-01-01T00:00:00Z\"}")
                .statusCode(400)
                .body("errors.field", contains("expires"));
        admin.post(keysPath, "{\"name\":\"n\",\"grants\":[],\"burst\":1}")
                .statusCode(400)
                .body("errors.field", contains("burst"));
    }

    @Test
    void sharesASpace() {
        Holder owner = Holder.of(keys, name + ":read,write,share");
        Holder friend = Holder.of(keys);
        String shares = space + "/shares";
        friend.get(space).statusCode(404);
        owner.post(shares, "{\"key\":\"" + friend.id() + "\",\"rights\":[\"read\"]}")
                .statusCode(201)
                .body("sharedBy", equalTo(owner.id()))
                .body("rights", contains("read"));
        friend.get(space + "/memories").statusCode(200);
        friend.delete(space + "/memories/bob-1").statusCode(403);
        friend.get(shares).statusCode(403);
        owner.post(shares, "{\"key\":\"" + friend.id() + "\",\"rights\":[\"read\",\"write\"]}")
                .statusCode(201);
        friend.delete(space + "/memories/bob-1").statusCode(204);
        owner.get(shares).body("items.key", contains(friend.id())).body("items[0].rights", contains("read", "write"));
        owner.post(shares, "{\"key\":\"" + friend.id() + "\",\"rights\":[\"admin\"]}")
                .statusCode(400);
        owner.post(shares, "{\"key\":\"abcdefghij\",\"rights\":[\"read\"]}").statusCode(404);
        owner.delete(shares + "/" + friend.id()).statusCode(204);
        owner.delete(shares + "/" + friend.id()).statusCode(404);
        friend.get(space).statusCode(404);
    }

    @Test
    void sharesNothingBeyondTheOwnGrant() {
        Holder friend = Holder.of(keys);
        String shares = space + "/shares";
        Holder reader = Holder.of(keys, name + ":read,share");
        reader.post(shares, "{\"key\":\"" + friend.id() + "\",\"rights\":[\"read\",\"write\"]}")
                .statusCode(403)
                .body("errors.field", contains("rights"));
        Holder ada = Holder.of(keys, name + ":read,write,share@ada");
        ada.post(shares, "{\"key\":\"" + friend.id() + "\",\"rights\":[\"read\"],\"agents\":[\"bob\"]}")
                .statusCode(403)
                .body("errors.field", contains("agents"));
        ada.post(shares, "{\"key\":\"" + friend.id() + "\",\"rights\":[\"read\"]}")
                .statusCode(201)
                .body("agents", contains("ada"));
        friend.get(space + "/memories").body("items.agent", everyItem(equalTo("ada")));
        reader.post(shares, "{\"key\":\"" + friend.id() + "\",\"rights\":[\"read\"]}")
                .statusCode(201);
        friend.get(space + "/memories").body("items.agent", hasItem("bob"));
        ada.get(shares).body("items", empty());
        ada.post(shares, "{\"key\":\"" + friend.id() + "\",\"rights\":[\"read\"]}")
                .statusCode(403);
        ada.delete(shares + "/" + friend.id()).statusCode(403);
    }

    @Test
    void writesDownWhatAdministratorsDo() {
        Holder reader = Holder.of(keys, name + ":read");
        reader.delete(space).statusCode(403);
        admin.put(space, "{}").statusCode(200);
        admin.post("/v1/admin/keys", "{\"name\":\"logged\",\"grants\":[]}").statusCode(201);
        admin.delete(space).statusCode(204);
        var page = admin.get("/v1/admin/audit?limit=4")
                .statusCode(200)
                .body("items.action", contains("space.deleted", "key.created", "space.replaced", "space.deleted"))
                .body("items.outcome", contains("done", "done", "done", "refused"))
                .body("items[0].target", equalTo("spaces/" + name))
                .body("items[0].key", equalTo(admin.id()))
                .body("items[3].key", equalTo(reader.id()))
                .extract();
        assertThat(page.asString()).doesNotContain(admin.secret()).doesNotContain(reader.secret());
        admin.get("/v1/admin/audit?limit=1&cursor=" + page.path("nextCursor"))
                .statusCode(200)
                .body("items[0].action", not(equalTo("space.deleted")));
        admin.get("/v1/admin/audit?cursor=AAAA").statusCode(400);
    }
}
