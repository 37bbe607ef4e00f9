package engram.service.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Talks to a service over HTTP and tells by exceptions of Engram what goes wrong. */
final class ServiceClient implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final int LONGEST_PROBLEM = 1 << 20;
    private static final int NO_CONTENT = 204;
    private static final int UNAUTHENTICATED = 401;

    private final URI service;
    private final Optional<String> key;
    // Of version 1.1, because a body cannot be streamed while a connection is being upgraded.
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .build();

    /**
     * @param service the address of the service, without a path of its API
     * @param key the access key; shown to the API only
     */
    ServiceClient(URI service, Optional<String> key) {
        this.service = service;
        this.key = key;
    }

    /**
     * What the service calls itself in its health, by which a command knows that it has a certain data directory; empty
     * if it does not say.
     *
     * @throws Unavailable if nothing answers
     */
    String instance() {
        HttpResponse<InputStream> answer =
                send(request("q/health/ready").timeout(ANSWER_WITHIN).GET());
        try (InputStream body = answer.body()) {
            for (JsonNode check :
                    MAPPER.readTree(body.readNBytes(LONGEST_PROBLEM)).path("checks")) {
                String instance = check.path("data").path("instance").asText();
                if (!instance.isEmpty()) {
                    return instance;
                }
            }
            return "";
        } catch (JsonProcessingException e) {
            return "";
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** A request to a path of the API, for as long as it takes. */
    HttpRequest.Builder to(String path) {
        HttpRequest.Builder request = request("v1/" + path);
        key.ifPresent(shown -> request.header("Authorization", "Bearer " + shown));
        return request;
    }

    /** A request to a path of the API that is answered soon. */
    HttpRequest.Builder answered(String path) {
        return to(path).timeout(ANSWER_WITHIN);
    }

    private HttpRequest.Builder request(String path) {
        String base = service.toString();
        return HttpRequest.newBuilder(URI.create(base.endsWith("/") ? base + path : base + "/" + path));
    }

    HttpResponse<InputStream> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException e) {
            throw new Unavailable("nothing answers at " + service, RETRY_AFTER);
        } catch (HttpTimeoutException e) {
            throw new Unavailable(service + " does not answer in time", RETRY_AFTER);
        } catch (IOException e) {
            throw broken(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("the request to " + service + " was interrupted", RETRY_AFTER);
        }
    }

    /** The JSON of an answer of the expected status. */
    JsonNode json(HttpResponse<InputStream> answer, int expected) {
        require(answer, expected);
        try (InputStream body = answer.body()) {
            return expected == NO_CONTENT ? MAPPER.nullNode() : MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw unlike("its answer is no JSON");
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Turns a problem document into an exception. */
    void require(HttpResponse<InputStream> answer, int expected) {
        if (answer.statusCode() == expected) {
            return;
        }
        if (!isProblem(answer)) {
            discard(answer);
            throw unlike("it answers with status " + answer.statusCode());
        }
        try (InputStream body = answer.body()) {
            JsonNode problem = MAPPER.readTree(body.readNBytes(LONGEST_PROBLEM));
            String advice = answer.statusCode() == UNAUTHENTICATED
                    ? "; put one into " + AccessChoice.KEY_VARIABLE + ", or give it with " + AccessChoice.KEY.shown()
                    : "";
            throw new InvalidInput(
                    "",
                    "the service at " + service + " refuses: "
                            + problem.path("detail").asText() + advice);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    void discard(HttpResponse<InputStream> answer) {
        try {
            answer.body().close();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    static boolean isProblem(HttpResponse<InputStream> answer) {
        return answer.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("application/problem+json"))
                .isPresent();
    }

    static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Unavailable unlike(String how) {
        return new Unavailable("what answers at " + service + " is no Engram: " + how, RETRY_AFTER);
    }

    Unavailable broken(IOException failure) {
        return new Unavailable(
                "the connection to " + service + " broke: " + FileTrouble.reason(failure), RETRY_AFTER, failure);
    }

    @Override
    public void close() {
        // An answer that nobody reads to its end would keep an orderly end waiting.
        client.shutdownNow();
    }
}
