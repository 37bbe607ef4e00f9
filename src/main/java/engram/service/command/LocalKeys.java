package engram.service.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.memory.embedded.EmbeddedMemoryStores;
import engram.memory.embedded.FileDocuments;
import engram.service.access.AccessKey;
import engram.service.access.AuditLog;
import engram.service.access.Caller;
import engram.service.access.Grant;
import engram.service.access.Keys;
import engram.service.access.Right;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The keys of a data directory that this process has to itself. */
final class LocalKeys implements KeyAccess {
    private final EmbeddedMemoryStores holder;
    private final Keys keys;
    private final AuditLog audit;

    /**
     * Takes the data directory.
     *
     * @throws engram.error.Unavailable if another process has it
     * @throws InvalidInput if the memory, and so its keys, are in Redis
     */
    LocalKeys(Installation installation) {
        Path directory = installation.memoryDirectory();
        Clock clock = Clock.systemUTC();
        this.holder = new EmbeddedMemoryStores(directory, installation.store(), clock);
        this.keys = Keys.of(new FileDocuments(directory.resolve("documents")), clock);
        this.audit = new AuditLog(directory.resolve("audit.log"), clock);
    }

    @Override
    public ObjectNode create(ObjectNode wanted) {
        JsonNode expires = wanted.path("expires");
        List<Grant> grants = new ArrayList<>();
        wanted.path("grants").forEach(grant -> grants.add(grant(grant)));
        Keys.Created created = keys.create(new Keys.NewKey(
                wanted.path("name").asText(),
                grants,
                expires.isTextual() ? Optional.of(Instant.parse(expires.textValue())) : Optional.empty(),
                Optional.empty()));
        audit.append(
                Caller.COMMAND, "key.created", "admin/keys/" + created.key().id(), "done");
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("key", json(created.key(), Optional.empty()));
        return json.put("secret", created.secret());
    }

    @Override
    public List<ObjectNode> list() {
        Map<String, Instant> uses = keys.lastUsed();
        return keys.list().stream()
                .map(key -> json(key, Optional.ofNullable(uses.get(key.id()))))
                .toList();
    }

    @Override
    public void revoke(String id) {
        keys.revoke(id);
        audit.append(Caller.COMMAND, "key.revoked", "admin/keys/" + id, "done");
    }

    @Override
    public void close() {
        holder.close();
    }

    private static Grant grant(JsonNode json) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (JsonNode right : json.path("rights")) {
            rights.add(Right.of(right.asText())
                    .orElseThrow(() -> new InvalidInput(
                            "", "there is no right '" + right.asText() + "'; there are read, write, share and admin")));
        }
        Set<String> agents = new TreeSet<>();
        json.path("agents").forEach(agent -> agents.add(agent.asText()));
        return Grant.of(json.path("space").asText(), rights, agents);
    }

    /** As the API shows a key. */
    private static ObjectNode json(AccessKey key, Optional<Instant> lastUsed) {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("id", key.id()).put("name", key.name());
        for (String list : List.of("grants", "shares")) {
            var grants = json.putArray(list);
            key.grants().stream()
                    .filter(grant -> grant.sharedBy().isPresent() == list.equals("shares"))
                    .forEach(grant -> {
                        ObjectNode each = grants.addObject().put("space", grant.space());
                        var rights = each.putArray("rights");
                        grant.rights().forEach(right -> rights.add(right.jsonName()));
                        var agents = each.putArray("agents");
                        grant.agents().forEach(agents::add);
                        grant.sharedBy().ifPresent(id -> each.put("sharedBy", id));
                    });
        }
        json.put("created", key.created().toString());
        put(json, "expires", key.expires());
        put(json, "revoked", key.revoked());
        put(json, "lastUsed", lastUsed);
        return json;
    }

    private static void put(ObjectNode json, String name, Optional<Instant> time) {
        json.put(name, time.map(Instant::toString).orElse(null));
    }
}
