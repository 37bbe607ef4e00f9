package engram.service.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** The spaces of a service, over HTTP. */
final class RemoteSpaces implements SpaceAccess {
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NOT_FOUND = 404;

    private final ServiceClient service;

    /** @param service closed with this */
    RemoteSpaces(ServiceClient service) {
        this.service = service;
    }

    @Override
    public boolean has(String space) {
        HttpResponse<InputStream> answer =
                service.send(service.answered(path(space)).GET());
        if (answer.statusCode() == NOT_FOUND && ServiceClient.isProblem(answer)) {
            service.discard(answer);
            return false;
        }
        service.json(answer, OK);
        return true;
    }

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>();
        service.json(service.send(service.answered("spaces").GET()), OK)
                .path("items")
                .forEach(item -> names.add(item.path("name").asText()));
        return names;
    }

    @Override
    public void create(String space, ObjectNode settings) {
        HttpRequest.Builder request = service.answered(path(space))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(settings.toString()));
        service.json(service.send(request), CREATED);
    }

    @Override
    public void exportTo(String space, Selection selection, OutputStream out) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("vectors", selection.vectors());
        selection.filter().ifPresent(filter -> body.set("filter", filter));
        HttpResponse<InputStream> answer = service.send(service.to(path(space) + "/exports")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
        service.require(answer, OK);
        try (InputStream in = answer.body()) {
            in.transferTo(out);
        } catch (IOException e) {
            throw service.broken(e);
        }
    }

    @Override
    public ObjectNode importFrom(String space, InputStream in) {
        // However long it takes: the service reads as fast as it stores.
        HttpRequest.Builder request = service.to(path(space) + "/imports?wait=true")
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> in));
        if (service.json(service.send(request), OK) instanceof ObjectNode report) {
            return report;
        }
        throw service.unlike("its answer to an import is no report");
    }

    private static String path(String space) {
        return "spaces/" + ServiceClient.encoded(space);
    }

    @Override
    public void close() {
        service.close();
    }
}
