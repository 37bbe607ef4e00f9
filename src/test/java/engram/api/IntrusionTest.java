package engram.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.oneOf;

import engram.service.access.Keys;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Somebody with a key for one agent of one space tries by every means to see a word that stands only in another space and
 * in memories of another agent, or to change them.
 */
@QuarkusTest
@TestProfile(KeysNeeded.class)
class IntrusionTest {
    private static final String SECRET = "zq7-nobody-else-knows";
    private static final String HINT = "zq7";

    @TestHTTPResource
    URI base = URI.create("http://localhost");

    private final Keys keys;
    private final long seed = Long.getLong("engram.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Holder admin = new Holder("", "");
    private Holder ada = new Holder("", "");
    private String arena = "";
    private String vault = "";
    private int attempts;

    @Inject
    IntrusionTest(Keys keys) {
        this.keys = keys;
    }

    @BeforeEach
    void hideASecret() {
        System.out.println("IntrusionTest: engram.seed=" + seed);
        String run = Long.toString(System.nanoTime(), 36);
        arena = "arena-" + run;
        vault = "vault-" + run;
        admin = Holder.of(keys, "*:admin");
        ada = Holder.of(keys, arena + ":read,write@ada");
        for (String space : List.of(arena, vault)) {
            // The other space has the secret in its settings, too.
            String schema = space.equals(vault)
                    ? "{\"schema\":{\"inputs\":64,\"categorical\":{\"word\":[\"" + SECRET + "\"]}}}"
                    : "{}";
            admin.put("/v1/spaces/" + space, schema).statusCode(201);
            for (int i = 0; i < 5; i++) {
                remember(space, "bob-" + i, "bob", SECRET);
            }
        }
        for (int i = 0; i < 5; i++) {
            remember(arena, "ada-" + i, "ada", "plain");
        }
    }

    private void remember(String space, String id, String agent, String word) {
        admin.post(
                        "/v1/spaces/" + space + "/memories",
                        "{\"id\":\"" + id + "\",\"agent\":\"" + agent + "\",\"step\":" + attempts
                                + ",\"state\":{\"health\":50,\"note\":\"" + word + "\"},\"tags\":{\"word\":\"" + word
                                + "\"}}")
                .statusCode(201);
    }

    @Test
    void findsNoWayToWhatIsNotGranted() throws IOException {
        walkPaths();
        send("GET", "/v1/runs", "", "");
        attackMemories();
        // Some attempts deleted the own memories, which is allowed; so that there is something to find beside others':
        remember(arena, "ada-again", "ada", "plain");
        filterForOthers();
        useStrangeHeaders();
        useCursorsOfOthers();
        assertThat(attempts).isGreaterThanOrEqualTo(2_000);
        for (String space : List.of(arena, vault)) {
            admin.get("/v1/spaces/" + space + "/memories?agent=bob&order=oldest")
                    .statusCode(200)
                    .body("items.id", contains("bob-0", "bob-1", "bob-2", "bob-3", "bob-4"))
                    .body("items.state.note", everyItem(containsString(SECRET)))
                    .body("items.revision", everyItem(equalTo(1)));
        }
        admin.get("/v1/spaces/" + arena + "/agents").body("items.agent", everyItem(is(oneOf("ada", "bob"))));
    }

    /** The spaces of others under every name that a path could hide, in every form of the path before and after it. */
    private void walkPaths() throws IOException {
        String upper = vault.toUpperCase(java.util.Locale.ROOT);
        List<String> spaces = List.of(
                vault,
                "%76" + vault.substring(1),
                "%2576" + vault.substring(1),
                upper,
                vault + "%00",
                vault + "%20",
                vault + "%2f",
                vault + ";a=b",
                arena + "/../" + vault,
                arena + "/%2e%2e/" + vault,
                arena + "%2f..%2f" + vault,
                arena + "%5c..%5c" + vault,
                "./" + vault,
                "/" + vault,
                arena + ";space=" + vault,
                arena + "%0d%0aX-API-Key: x%0d%0a/" + vault,
                "*",
                "%2A",
                "vault*",
                arena + "*",
                "%EF%BD%96" + vault.substring(1),
                arena + "/" + vault,
                arena + "," + vault);
        List<String> before = List.of(
                "/v1/spaces/",
                "//v1/spaces/",
                "/v1//spaces/",
                "/V1/spaces/",
                "/q/../v1/spaces/",
                "/v1/./spaces/",
                "/v1/runs/../spaces/",
                "/v1/spaces/" + arena + "/../");
        List<String> after = List.of(
                "",
                "/",
                "/memories",
                "/memories?agent=bob",
                "/memories/bob-0",
                "/memories/bob-0/state",
                "/statistics",
                "/agents",
                "/agents/bob/snapshots?steps=0",
                "/agents/bob/history?attribute=note",
                "/changes?after=0");
        for (String prefix : before) {
            for (String space : spaces) {
                for (String suffix : after) {
                    send("GET", prefix + space + suffix, "", "");
                }
            }
        }
        for (String space : spaces) {
            String path = "/v1/spaces/" + space;
            send("POST", path + "/memories/query", "", "{}");
            send("POST", path + "/exports", "", "{}");
            send("POST", path + "/recall", "", "{\"state\":{\"health\":50},\"k\":10}");
            send("POST", path + "/recall", "", "{\"like\":\"bob-0\"}");
            send("DELETE", path + "/memories?all=true", "", "");
            send("DELETE", path + "/memories/bob-0", "", "");
            send("POST", path + "/shares", "", "{\"key\":\"" + ada.id() + "\",\"rights\":[\"read\"]}");
            if (!space.startsWith(arena)) {
                send("DELETE", path, "", "");
                send("PUT", path, "", "{}");
            }
        }
    }

    /** The memories of others in the own space, by their ids. */
    private void attackMemories() throws IOException {
        String path = "/v1/spaces/" + arena + "/memories";
        for (String id : List.of("bob-0", "%62ob-1", "bob-2;x=y", "bob-3/", "ada-0/../bob-4", "ada-0%2f..%2fbob-4")) {
            for (String suffix : List.of("", "/state", "?agent=ada", "?all=true")) {
                send("GET", path + "/" + id + suffix, "", "");
                send("DELETE", path + "/" + id + suffix, "", "");
                send("PATCH", path + "/" + id + suffix, "", "{\"pinned\":true,\"tags\":{}}");
                send("PATCH", path + "/" + id + suffix, "If-Match: *\r\n", "{\"importance\":1}");
            }
        }
        for (String agent : List.of("bob", "\\u0062ob", "bob\\u0000", "BOB", " bob", "ada,bob", "*")) {
            send("POST", path, "", "{\"agent\":\"" + agent + "\",\"state\":{\"health\":1}}");
            send("POST", path, "", "{\"id\":\"bob-0\",\"agent\":\"" + agent + "\",\"state\":{\"health\":1}}");
            send("POST", path, "", "{\"agent\":\"ada\",\"agent\":\"" + agent + "\",\"state\":{\"health\":1}}");
            send("POST", path + "/batch", "", "{\"memories\":[{\"agent\":\"" + agent + "\",\"state\":{}}]}");
            send("POST", path, "Idempotency-Key: x\r\n", "{\"agent\":\"" + agent + "\",\"state\":{\"health\":1}}");
        }
        send("DELETE", path + "?agent=bob", "", "");
        send("DELETE", path + "?agent=ada&agent=bob", "", "");
        send("DELETE", path + "?agent=bob&all=true", "", "");
        String file = """
                {"format":"engram-memories","version":1}
                {"id":"bob-0","agent":"bob","kind":"state","payload":{"state":{}}}
                """;
        send("POST", "/v1/spaces/" + arena + "/imports?wait=true", "", file);
    }

    /** Every filter that asks for others, alone and combined, where the API takes one. */
    private void filterForOthers() throws IOException {
        String space = "/v1/spaces/" + arena;
        for (int i = 0; i < 300; i++) {
            String filter = "{\"filter\":" + filter(3);
            send("POST", space + "/memories/query", "", filter + "}");
            send("POST", space + "/exports", "", filter + ",\"vectors\":true}");
            send(
                    "POST",
                    space + "/recall",
                    "",
                    filter + ",\"state\":{\"health\":50},\"k\":100,\"exact\":" + random.nextBoolean() + "}");
        }
        for (String query :
                List.of("agent=bob", "agent=ada&agent=bob", "agent=%62ob", "agent=", "agent=*", "kind=state")) {
            send("GET", space + "/memories?" + query, "", "");
        }
        for (String like : List.of("bob-0", "bob-1", "../bob-0", "\\u0062ob-0")) {
            for (String rank :
                    List.of("", ",\"rank\":{\"recency\":1}", ",\"exclude\":[\"ada-0\"]", ",\"exact\":true")) {
                send("POST", space + "/recall", "", "{\"like\":\"" + like + "\"" + rank + "}");
            }
        }
    }

    private String filter(int depth) {
        int choice = random.nextInt(depth > 0 ? 9 : 6);
        return switch (choice) {
            case 0 -> "{\"field\":\"agent\",\"eq\":\"bob\"}";
            case 1 -> "{\"field\":\"agent\",\"in\":[\"ada\",\"bob\"]}";
            case 2 -> "{\"field\":\"payload.state.note\",\"contains\":\"" + HINT + "\"}";
            case 3 -> "{\"field\":\"tags.word\",\"exists\":true}";
            case 4 -> "{\"field\":\"agent\",\"contains\":\"b\",\"ignoreCase\":true}";
            case 5 -> "{\"field\":\"step\",\"gte\":0}";
            case 6 -> "{\"not\":" + filter(depth - 1) + "}";
            case 7 -> "{\"or\":[" + filter(depth - 1) + "," + filter(depth - 1) + "]}";
            default -> "{\"and\":[" + filter(depth - 1) + "]}";
        };
    }

    private void useStrangeHeaders() throws IOException {
        String space = "/v1/spaces/" + vault;
        for (String header : List.of(
                "X-HTTP-Method-Override: GET",
                "X-HTTP-Method: DELETE",
                "X-Method-Override: PUT",
                "X-Original-URL: " + space + "/memories",
                "X-Rewrite-URL: " + space + "/memories",
                "X-Forwarded-Prefix: " + space,
                "X-Forwarded-For: 127.0.0.1",
                "Forwarded: for=127.0.0.1;path=" + space,
                "X-API-Key: " + ada.secret() + "x",
                "Authorization: Basic YWRtaW46YWRtaW4=",
                "Host: " + vault,
                "X-Engram-Agent: bob",
                "Last-Event-ID: 0")) {
            for (String path :
                    List.of("/v1/spaces/" + arena + "/memories", space + "/memories", space, "/v1/admin/keys")) {
                send("GET", path, header + "\r\n", "");
                send("POST", path, header + "\r\n", "{}");
            }
        }
    }

    private void useCursorsOfOthers() throws IOException {
        String space = "/v1/spaces/" + arena;
        List<String> cursors = new ArrayList<>();
        for (String list : List.of(space + "/memories?limit=1", "/v1/spaces/" + vault + "/memories?limit=1")) {
            cursors.add(admin.get(list).extract().path("nextCursor"));
        }
        cursors.add(admin.get(space + "/agents?limit=1").extract().path("nextCursor"));
        cursors.add(admin.get("/v1/spaces?limit=1").extract().path("nextCursor"));
        for (String cursor : cursors) {
            for (String path :
                    List.of(space + "/memories?limit=1&cursor=", space + "/agents?cursor=", "/v1/spaces?cursor=")) {
                send("GET", path + cursor, "", "");
            }
            send("POST", space + "/memories/query", "", "{\"cursor\":\"" + cursor + "\"}");
        }
    }

    /** Sends a request as it is and looks for the secret in the answer. */
    private void send(String method, String target, String headers, String body) throws IOException {
        attempts++;
        String authorization =
                headers.startsWith("Authorization") ? "" : "Authorization: Bearer " + ada.secret() + "\r\n";
        String answer = RawRequest.send(base.getPort(), method, target, authorization + headers, body);
        assertThat(answer)
                .as("%s %s %s %s", method, target, headers, body)
                .startsWith("HTTP/1.1 ")
                .doesNotContain(SECRET)
                .doesNotContain("HTTP/1.1 5");
    }

    private static int next(InputStream in) throws IOException {
        int next = in.read();
        assertThat(next).as("the stream goes on").isNotNegative();
        return next;
    }

    /** The change feed tells of the own memories only, and ends when the key is revoked. */
    @Test
    void followsOnlyOwnChangesUntilTheKeyIsRevoked() throws IOException {
        try (Socket socket = new Socket("localhost", base.getPort())) {
            socket.setSoTimeout(20_000);
            String request = "GET /v1/spaces/" + arena + "/changes?after=0 HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: close\r\nAuthorization: Bearer " + ada.secret() + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            StringBuilder told = new StringBuilder();
            while (!told.toString().contains("ada-4")) {
                told.append((char) next(in));
            }
            remember(arena, "bob-5", "bob", SECRET);
            remember(arena, "ada-5", "ada", "plain");
            while (!told.toString().contains("ada-5")) {
                told.append((char) next(in));
            }
            assertThat(told).contains("ada-0").doesNotContain("bob");
            admin.delete("/v1/admin/keys/" + ada.id()).statusCode(204);
            remember(arena, "ada-6", "ada", "plain");
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).doesNotContain("ada-6");
        }
    }
}
