package engram.service.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The spaces of a service, over HTTP. */
final class RemoteSpaces implements SpaceAccess {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final int LONGEST_PROBLEM = 1 << 20;
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NOT_FOUND = 404;

    private final URI service;
    // Of version 1.1, because a body cannot be streamed while a connection is being upgraded.
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .build();

    /** @param service the address of the service, without a path of its API */
    RemoteSpaces(URI service) {
        this.service = service;
    }

    @Override
    public boolean has(String space) {
        HttpResponse<InputStream> answer =
                send(answered("v1/spaces/" + encoded(space)).GET());
        if (answer.statusCode() == NOT_FOUND && isProblem(answer)) {
            discard(answer);
            return false;
        }
        json(answer, OK);
        return true;
    }

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>();
        json(send(answered("v1/spaces").GET()), OK)
                .path("items")
                .forEach(item -> names.add(item.path("name").asText()));
        return names;
    }

    @Override
    public void create(String space, ObjectNode settings) {
        HttpRequest.Builder request = answered("v1/spaces/" + encoded(space))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(settings.toString()));
        json(send(request), CREATED);
    }

    @Override
    public void exportTo(String space, Selection selection, OutputStream out) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("vectors", selection.vectors());
        selection.filter().ifPresent(filter -> body.set("filter", filter));
        HttpResponse<InputStream> answer = send(to("v1/spaces/" + encoded(space) + "/exports")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
        require(answer, OK);
        try (InputStream in = answer.body()) {
            in.transferTo(out);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    @Override
    public ObjectNode importFrom(String space, InputStream in) {
        // However long it takes: the service reads as fast as it stores.
        HttpRequest.Builder request = to("v1/spaces/" + encoded(space) + "/imports?wait=true")
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> in));
        if (json(send(request), OK) instanceof ObjectNode report) {
            return report;
        }
        throw unlike("its answer to an import is no report");
    }

    /**
     * What the service calls itself in its health, by which a command knows that it has a certain data directory; empty
     * if it does not say.
     *
     * @throws Unavailable if nothing answers
     */
    String instance() {
        HttpResponse<InputStream> answer = send(answered("q/health/ready").GET());
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

    private HttpRequest.Builder to(String path) {
        String base = service.toString();
        return HttpRequest.newBuilder(URI.create(base.endsWith("/") ? base + path : base + "/" + path));
    }

    private HttpRequest.Builder answered(String path) {
        return to(path).timeout(ANSWER_WITHIN);
    }

    private HttpResponse<InputStream> send(HttpRequest.Builder request) {
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

    private JsonNode json(HttpResponse<InputStream> answer, int expected) {
        require(answer, expected);
        try (InputStream body = answer.body()) {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw unlike("its answer is no JSON");
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Turns a problem document into an exception. */
    private void require(HttpResponse<InputStream> answer, int expected) {
        if (answer.statusCode() == expected) {
            return;
        }
        if (!isProblem(answer)) {
            discard(answer);
            throw unlike("it answers with status " + answer.statusCode());
        }
        try (InputStream body = answer.body()) {
            JsonNode problem = MAPPER.readTree(body.readNBytes(LONGEST_PROBLEM));
            throw new InvalidInput(
                    "",
                    "the service at " + service + " refuses: "
                            + problem.path("detail").asText());
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private void discard(HttpResponse<InputStream> answer) {
        try {
            answer.body().close();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private static boolean isProblem(HttpResponse<InputStream> answer) {
        return answer.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("application/problem+json"))
                .isPresent();
    }

    private static String encoded(String space) {
        return URLEncoder.encode(space, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Unavailable unlike(String how) {
        return new Unavailable("what answers at " + service + " is no Engram: " + how, RETRY_AFTER);
    }

    private Unavailable broken(IOException failure) {
        return new Unavailable(
                "the connection to " + service + " broke: " + FileTrouble.reason(failure), RETRY_AFTER, failure);
    }

    @Override
    public void close() {
        // An answer that nobody reads to its end would keep an orderly end waiting.
        client.shutdownNow();
    }
}
