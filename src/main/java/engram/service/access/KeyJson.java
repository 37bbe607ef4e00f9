package engram.service.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Damaged;
import engram.error.InvalidInput;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The keys as a document. */
final class KeyJson {
    private static final int FORMAT = 1;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private KeyJson() {}

    static byte[] write(Collection<AccessKey> keys) {
        ObjectNode document = MAPPER.createObjectNode().put("format", FORMAT);
        ArrayNode list = document.putArray("keys");
        keys.forEach(key -> list.add(write(key)));
        try {
            return MAPPER.writeValueAsBytes(document);
        } catch (IOException e) {
            throw new IllegalStateException("a tree of JSON can be written", e);
        }
    }

    /** @throws Damaged if these are no keys of this format */
    static List<AccessKey> read(byte[] bytes) {
        try {
            JsonNode document = MAPPER.readTree(bytes);
            int format = document.path("format").asInt(0);
            if (format != FORMAT) {
                throw new Damaged("the document of the access keys has format " + format + ", not " + FORMAT);
            }
            List<AccessKey> keys = new ArrayList<>();
            document.path("keys").forEach(key -> keys.add(key(key)));
            return keys;
        } catch (IOException | DateTimeException | InvalidInput | IllegalArgumentException e) {
            throw new Damaged("the document of the access keys cannot be read; take it from a backup", e);
        }
    }

    private static ObjectNode write(AccessKey key) {
        ObjectNode json = MAPPER.createObjectNode()
                .put("id", key.id())
                .put("name", key.name())
                .put("sha256", key.hash())
                .put("created", key.created().toString());
        key.expires().ifPresent(time -> json.put("expires", time.toString()));
        key.revoked().ifPresent(time -> json.put("revoked", time.toString()));
        key.limit().ifPresent(limit -> json.put("rate", limit.rate()).put("burst", limit.burst()));
        ArrayNode grants = json.putArray("grants");
        key.grants().forEach(grant -> grants.add(write(grant)));
        return json;
    }

    private static ObjectNode write(Grant grant) {
        ObjectNode json = MAPPER.createObjectNode().put("space", grant.space());
        ArrayNode rights = json.putArray("rights");
        grant.rights().forEach(right -> rights.add(right.jsonName()));
        if (!grant.agents().isEmpty()) {
            ArrayNode agents = json.putArray("agents");
            grant.agents().forEach(agents::add);
        }
        grant.sharedBy().ifPresent(id -> json.put("sharedBy", id));
        return json;
    }

    private static AccessKey key(JsonNode json) {
        List<Grant> grants = new ArrayList<>();
        json.path("grants").forEach(grant -> grants.add(grant(grant)));
        return new AccessKey(
                text(json, "id"),
                text(json, "name"),
                text(json, "sha256"),
                Instant.parse(text(json, "created")),
                time(json, "expires"),
                time(json, "revoked"),
                grants,
                json.has("rate")
                        ? Optional.of(new RateLimit(
                                json.path("rate").asDouble(), json.path("burst").asInt()))
                        : Optional.empty());
    }

    private static Grant grant(JsonNode json) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (JsonNode right : json.path("rights")) {
            rights.add(Right.of(right.asText())
                    .orElseThrow(() -> new IllegalArgumentException("an unknown right: " + right)));
        }
        TreeSet<String> agents = new TreeSet<>();
        json.path("agents").forEach(agent -> agents.add(agent.asText()));
        return new Grant(
                text(json, "space"),
                rights,
                agents,
                json.has("sharedBy") ? Optional.of(text(json, "sharedBy")) : Optional.empty());
    }

    private static String text(JsonNode json, String member) {
        JsonNode value = json.get(member);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException(member + " is missing");
        }
        return value.textValue();
    }

    private static Optional<Instant> time(JsonNode json, String member) {
        return json.has(member) ? Optional.of(Instant.parse(text(json, member))) : Optional.empty();
    }
}
