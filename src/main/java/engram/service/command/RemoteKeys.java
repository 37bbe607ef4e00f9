package engram.service.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;

/** The keys of a service, over HTTP. */
final class RemoteKeys implements KeyAccess {
    private static final String KEYS = "admin/keys";
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;

    private final ServiceClient service;

    /** @param service closed with this */
    RemoteKeys(ServiceClient service) {
        this.service = service;
    }

    @Override
    public ObjectNode create(ObjectNode wanted) {
        HttpRequest.Builder request = service.answered(KEYS)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(wanted.toString()));
        if (service.json(service.send(request), CREATED) instanceof ObjectNode created) {
            return created;
        }
        throw service.unlike("its answer is no key");
    }

    @Override
    public List<ObjectNode> list() {
        List<ObjectNode> keys = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    service.json(service.send(service.answered(KEYS + cursor).GET()), OK);
            for (JsonNode key : page.path("items")) {
                if (key instanceof ObjectNode object) {
                    keys.add(object);
                }
            }
            JsonNode next = page.path("nextCursor");
            cursor = next.isTextual() ? "?cursor=" + ServiceClient.encoded(next.textValue()) : "";
        } while (!cursor.isEmpty());
        return keys;
    }

    @Override
    public void revoke(String id) {
        service.json(
                service.send(
                        service.answered(KEYS + "/" + ServiceClient.encoded(id)).DELETE()),
                NO_CONTENT);
    }

    @Override
    public void close() {
        service.close();
    }
}
