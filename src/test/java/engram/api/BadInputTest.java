package engram.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client sends is answered with a problem document that names the field, and never with 500. */
@QuarkusTest
class BadInputTest {
    private static String space = "";

    @TestHTTPResource("/")
    URI base = URI.create("/");

    @BeforeEach
    void oneSpaceForAll() {
        if (space.isEmpty()) {
            space = Api.newSpace();
            Api.store(space, "{\"id\":\"m\",\"agent\":\"a\",\"state\":{\"health\":1}}");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "memories|{\"agent\":\"a\",\"state\":{}|malformed-json|`` ",
                "memories|{\"agent\":\"a\",\"state\":{\"x\":NaN}}|malformed-json|`` ",
                "memories|{\"agent\":\"a\",\"state\":{\"x\":Infinity}}|malformed-json|`` ",
                "memories|{\"agent\":\"a\",\"state\":{\"x\":1e999}}|invalid-input|state.x",
                "memories|{\"agent\":\"a\",\"state\":[1,-1e400]}|invalid-input|state[1]",
                "memories|{\"agent\":\"a\",\"agent\":\"b\",\"state\":{}}|malformed-json|`` ",
                "memories|{\"agent\":\"a\",\"state\":{}} {}|malformed-json|`` ",
                "memories|{'agent':'a'}|malformed-json|`` ",
                "memories|[]|invalid-input|`` ",
                "memories|null|invalid-input|`` ",
                "memories|` `|invalid-input|`` ",
                "memories|{\"state\":{}}|invalid-input|agent",
                "memories|{\"agent\":\" \",\"state\":{}}|invalid-input|agent",
                "memories|{\"agent\":7,\"state\":{}}|invalid-input|agent",
                "memories|{\"agent\":\"a\"}|invalid-input|`` ",
                "memories|{\"agent\":\"a\",\"state\":\"text\"}|invalid-input|state",
                "memories|{\"agent\":\"a\",\"state\":{},\"stpe\":1}|invalid-input|stpe",
                "memories|{\"agent\":\"a\",\"state\":{},\"step\":-1}|invalid-input|step",
                "memories|{\"agent\":\"a\",\"state\":{},\"step\":1.5}|invalid-input|step",
                "memories|{\"agent\":\"a\",\"state\":{},\"step\":\"1\"}|invalid-input|step",
                "memories|{\"agent\":\"a\",\"state\":{},\"step\":99999999999999999999}|invalid-input|step",
                "memories|{\"agent\":\"a\",\"state\":{},\"reward\":\"1\"}|invalid-input|reward",
                "memories|{\"agent\":\"a\",\"state\":{},\"reward\":1e999}|invalid-input|reward",
                "memories|{\"agent\":\"a\",\"state\":{},\"importance\":2}|invalid-input|importance",
                "memories|{\"agent\":\"a\",\"state\":{},\"time\":\"yesterday\"}|invalid-input|time",
                "memories|{\"agent\":\"a\",\"state\":{},\"time\":\"+999999999-12-31T00:00:00Z\"}|invalid-input|time",
                "memories|{\"agent\":\"a\",\"state\":{},\"kind\":\"stat\"}|invalid-input|kind",
                "memories|{\"agent\":\"a\",\"state\":{},\"tags\":[]}|invalid-input|tags",
                "memories|{\"agent\":\"a\",\"state\":{},\"tags\":{\"x\":{}}}|invalid-input|tags.x",
                "memories|{\"agent\":\"a\",\"state\":{},\"pinned\":\"yes\"}|invalid-input|pinned",
                "memories|{\"agent\":\"a\",\"state\":{},\"id\":\"a/b\"}|invalid-input|id",
                "memories|{\"agent\":\"a\",\"state\":{},\"id\":\"batch\"}|invalid-input|id",
                "memories|{\"agent\":\"a\",\"text\":\" \"}|invalid-input|text",
                "memories|{\"agent\":\"a\",\"text\":5}|invalid-input|text",
                "memories/batch|{}|invalid-input|memories",
                "memories/batch|{\"memories\":{}}|invalid-input|memories",
                "memories/batch|{\"memorys\":[]}|invalid-input|memorys",
                "memories/query|{\"filter\":{\"field\":\"agnt\",\"eq\":1}}|invalid-input|filter.field",
                "memories/query|{\"filter\":[]}|invalid-input|filter",
                "memories/query|{\"limit\":0}|invalid-input|limit",
                "memories/query|{\"limit\":1000000}|invalid-input|limit",
                "memories/query|{\"order\":\"up\"}|invalid-input|order",
                "recall|{}|invalid-input|`` ",
                "recall|{\"state\":{},\"text\":\"x\"}|invalid-input|text",
                "recall|{\"state\":{},\"k\":0}|invalid-input|k",
                "recall|{\"state\":{},\"k\":1000000}|invalid-input|k",
                "recall|{\"state\":{},\"k\":99999999999}|invalid-input|k",
                "recall|{\"state\":{},\"k\":\"5\"}|invalid-input|k",
                "recall|{\"state\":{},\"k\":true}|invalid-input|k",
                "recall|{\"state\":{},\"kk\":5}|invalid-input|kk",
                "recall|{\"vector\":[1,2,3]}|invalid-input|vector",
                "recall|{\"vector\":[1,\"2\"]}|invalid-input|vector[1]",
                "recall|{\"vector\":[1e99]}|invalid-input|vector[0]",
                "recall|{\"vector\":\"AAAA\"}|invalid-input|vector",
                "recall|{\"state\":{},\"tiers\":[\"SMT\"]}|invalid-input|tiers[0]",
                "recall|{\"state\":{},\"tiers\":[null]}|invalid-input|tiers[0]",
                "recall|{\"state\":{},\"minScore\":1.5}|invalid-input|minScore",
                "recall|{\"state\":{},\"minScore\":\"NaN\"}|invalid-input|minScore",
                "recall|{\"state\":{},\"rank\":{\"similarity\":-1}}|invalid-input|rank.similarity",
                "recall|{\"state\":{},\"rank\":{}}|invalid-input|rank",
                "recall|{\"state\":{},\"rank\":{\"recency\":1,\"halfLife\":\"1 day\"}}|invalid-input|rank.halfLife",
                "recall|{\"state\":{},\"rank\":{\"recency\":1,\"halfLife\":\"PT9999999999999H\"}}|invalid-input|rank.halfLife",
                "recall|{\"state\":{},\"exclude\":[1]}|invalid-input|exclude[0]",
                "recall|{\"state\":{},\"exclude\":[null]}|invalid-input|exclude[0]",
                "recall|{\"state\":{},\"include\":\"all\"}|invalid-input|include",
                "recall|{\"state\":7}|invalid-input|state",
                "recall|{\"text\":\"\"}|invalid-input|text",
                "embeddings|{}|invalid-input|`` ",
                "embeddings|{\"states\":[]}|invalid-input|states",
                "embeddings|{\"states\":[{},5]}|invalid-input|states[1]",
                "embeddings|{\"state\":5}|invalid-input|state",
                "embeddings|{\"texts\":[\"a\",null]}|invalid-input|texts[1]",
                "encoders|{\"epoch\":3}|invalid-input|epoch",
                "encoders|[]|invalid-input|`` ",
                "consolidations|{\"dryRun\":\"yes\"}|invalid-input|dryRun",
            })
    void namesTheField(String path, String body, String type, String field) {
        problem(Api.post(space + "/" + path, body.strip()), 400, type).body("errors.field", hasItem(field.strip()));
    }

    @ParameterizedTest
    @CsvSource({
        "recall,{\"like\":\"nobody\"}",
        "encoders/99/activation,{}",
    })
    void knowsWhatIsNotThere(String path, String body) {
        problem(Api.post(space + "/" + path, body), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/memories",
                "/memories/m",
                "/memories/m/state",
                "/statistics",
                "/agents",
                "/encoders",
                "/changes",
                "/agents/a/snapshots?steps=1",
                "/agents/a/history?attribute=x",
                ""
            })
    void knowsNoUnknownSpace(String path) {
        problem(Api.get("/v1/spaces/nowhere" + path), 404, "not-found").body("detail", containsString("nowhere"));
    }

    @Test
    void tellsThePlaceOfMalformedJson() {
        problem(Api.post(space + "/recall", "{\"state\":\n {\"health\" 5}}"), 400, "malformed-json")
                .body("detail", containsString("line 2"));
        problem(Api.post(space + "/recall", "{\"k\":\"5\",\"state\":{}}"), 400, "invalid-input")
                .body("detail", containsString("line 1, column"));
    }

    @Test
    void suggestsTheNameThatWasMeant() {
        problem(Api.post(space + "/recall", "{\"sate\":{}}"), 400, "invalid-input")
                .body("errors.message", hasItem(containsString("did you mean 'state'")));
        problem(Api.get(space + "/memories?agnt=a"), 400, "invalid-input")
                .body("errors.message", hasItem(containsString("did you mean 'agent'")));
    }

    @Test
    void limitsNestingAndTexts() {
        String deep = "[".repeat(200) + "]".repeat(200);
        problem(Api.post(space + "/recall", "{\"state\":" + deep + "}"), 400, "invalid-input")
                .body("errors.field", hasItem("state"))
                .body("detail", containsString("engram.limits.nesting-depth"));
        problem(Api.post(space + "/memories", "{\"agent\":\"a\",\"state\":" + deep + "}"), 400, "invalid-input")
                .body("detail", containsString("engram.limits.nesting-depth"));
        problem(Api.post(space + "/recall", "{\"text\":\"" + "x".repeat(100_001) + "\"}"), 400, "invalid-input")
                .body("detail", containsString("engram.limits.string-length"));
        problem(
                        Api.post(space + "/memories", "{\"agent\":\"" + "a".repeat(129) + "\",\"state\":{}}"),
                        400,
                        "invalid-input")
                .body("errors.field", hasItem("agent"));
        problem(Api.post(space + "/recall", "{\"" + "n".repeat(2_000) + "\":1}"), 400, "invalid-input");
        problem(Api.post(space + "/recall", "{\"k\":" + "1".repeat(2_000) + "}"), 400, "invalid-input");
    }

    @Test
    void limitsBatches() {
        String item = "{\"agent\":\"a\",\"state\":{}}";
        String batch = "{\"memories\":[" + (item + ",").repeat(1_000) + item + "]}";
        problem(Api.post(space + "/memories/batch", batch), 413, "too-large")
                .body("errors.field", hasItem("memories"))
                .body("detail", containsString("engram.limits.batch-size"));
    }

    @Test
    void refusesATenMegabyteBody() {
        String large = "{\"agent\":\"a\",\"state\":{\"x\":[" + "1,".repeat(5_000_000) + "1]}}";
        problem(Api.post(space + "/memories", large), 413, "too-large")
                .body("detail", containsString("engram.limits.body-size"));
    }

    @Test
    void refusesABodyThatTurnsOutTooLarge() throws IOException {
        String chunk = "10000\r\n" + " ".repeat(65_536) + "\r\n";
        String answer = raw("POST " + space + "/memories HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(40)
                + "0\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 413").contains("urn:engram:problem:too-large");
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] body = "{\"agent\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1);
        problem(
                given().contentType("application/json")
                        .body(body)
                        .post(space + "/memories")
                        .then(),
                400,
                "malformed-json");
    }

    @Test
    void answersUnknownPathsMethodsAndTypesWithProblems() {
        problem(Api.get("/v1/nothing"), 404, "no-such-path");
        problem(Api.get("/nothing"), 404, "no-such-path");
        problem(Api.get("/q/nothing"), 404, "no-such-path");
        problem(given().patch(space + "/recall").then(), 405, "method-not-allowed");
        problem(given().put("/v1/runs").then(), 405, "method-not-allowed");
        problem(
                given().contentType("text/plain")
                        .body("x")
                        .post(space + "/recall")
                        .then(),
                415,
                "unsupported-media-type");
        problem(given().accept("text/html").get(space).then(), 406, "not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/memories?limit=0",
                "/memories?limit=x",
                "/memories?limit=1001",
                "/memories?fromStep=-1",
                "/memories?from=today",
                "/memories?kind=thing",
                "/memories?tier=top",
                "/memories?order=up",
                "/agents?limit=0",
                "/changes?after=-1",
                "/agents/a/snapshots?steps=",
                "/agents/a/history?attribute=health&fromStep=x"
            })
    void checksParameters(String path) {
        problem(Api.get(space + path), 400, "invalid-input");
    }

    @Test
    void answersABrokenRequestLine() throws IOException {
        String answer = raw("GET /v1/spaces/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400");
    }

    /** What comes back for bytes that no client library would send. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String type) {
        String body = response.extract().asString();
        assertThat(body).doesNotContain("com.fasterxml", "java.lang", "engram.api", "\tat ");
        return response.statusCode(status)
                .contentType(startsWith("application/problem+json"))
                .body("type", equalTo("urn:engram:problem:" + type))
                .body("status", equalTo(status));
    }
}
