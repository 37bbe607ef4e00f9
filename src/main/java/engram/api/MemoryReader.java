package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.space.NewMemory;
import engram.service.ServiceSettings;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one memory from JSON and finds everything that is wrong with it. Used by one thread for one memory. */
final class MemoryReader {
    private static final List<String> PAYLOAD =
            List.of("state", "action", "interaction", "experience", "text", "context", "outcome");
    private static final List<Kind> INFERRED =
            List.of(Kind.TEXT, Kind.EXPERIENCE, Kind.INTERACTION, Kind.STATE, Kind.ACTION);
    /** Instants beyond these have no four-digit year and cannot be written as RFC 3339. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private final ServiceSettings.Limits limits;
    private final Findings findings = new Findings();

    private MemoryReader(ServiceSettings.Limits limits) {
        this.limits = limits;
    }

    /**
     * The memory that the JSON describes.
     *
     * @throws InvalidInput naming every offending field
     */
    static NewMemory read(JsonNode json, ServiceSettings.Limits limits) {
        if (!(json instanceof ObjectNode object)) {
            throw new InvalidInput("", "a memory is an object");
        }
        return new MemoryReader(limits).memory(object);
    }

    private NewMemory memory(ObjectNode json) {
        json.fieldNames().forEachRemaining(name -> {
            if (!MemoryRequest.MEMBERS.contains(name)) {
                findings.add(name, "is unknown" + Suggestion.forName(name, MemoryRequest.MEMBERS));
            }
        });
        ObjectNode payload = payload(json);
        Kind kind = kind(text(json, "kind"), payload);
        String id = text(json, "id");
        if (id != null) {
            Names.checkId(id, findings);
        }
        String agent = text(json, "agent");
        if (agent != null) {
            Names.checkAgent(agent, findings);
        } else if (!json.hasNonNull("agent")) {
            findings.add("agent", "names the agent whose memory this is and must be there");
        }
        Long step = step(json);
        Instant time = time(text(json, "time"));
        JsonObject tags = tags(json);
        Double reward = number(json, "reward");
        Boolean pinned = truth(json, "pinned");
        Double importance = number(json, "importance");
        if (importance != null && !(importance >= 0 && importance <= 1)) {
            findings.add("importance", "is between 0 and 1, not " + importance);
        }
        findings.throwIfAny();
        return new NewMemory(
                id,
                agent == null ? "" : agent,
                kind,
                step,
                time,
                JsonObject.of(payload),
                tags,
                reward,
                pinned != null && pinned,
                importance);
    }

    private ObjectNode payload(ObjectNode json) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        for (String name : PAYLOAD) {
            JsonNode value = json.get(name);
            if (value != null && !value.isNull()) {
                findings.requireFinite(value, name);
                payload.set(name, value);
            }
        }
        JsonNode text = payload.get("text");
        if (text != null && !text.isTextual()) {
            findings.add("text", "must be a text");
        }
        return payload;
    }

    private Kind kind(@Nullable String name, ObjectNode payload) {
        if (name != null) {
            for (Kind kind : Kind.values()) {
                if (kind.jsonName().equals(name.toLowerCase(Locale.ROOT))) {
                    return kind;
                }
            }
            List<String> names =
                    Arrays.stream(Kind.values()).map(Kind::jsonName).toList();
            findings.add("kind", "'" + Names.shortened(name) + "' is unknown" + Suggestion.forName(name, names));
            return Kind.ACTION;
        }
        for (Kind kind : INFERRED) {
            if (payload.has(kind.jsonName())) {
                return kind;
            }
        }
        findings.add("", "a memory has a state, an action, an interaction, an experience or a text");
        return Kind.ACTION;
    }

    private @Nullable Long step(ObjectNode json) {
        JsonNode value = json.get("step");
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            findings.add("step", "must be a whole number of at least 0");
            return null;
        }
        return value.longValue();
    }

    private @Nullable Instant time(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
                return time;
            }
        } catch (DateTimeException e) {
            // Reported below, as one outside the range is.
        }
        findings.add("time", "must be a time of RFC 3339, such as 2026-11-20T12:00:00Z");
        return null;
    }

    private JsonObject tags(ObjectNode json) {
        JsonNode value = json.get("tags");
        return value == null || value.isNull() ? JsonObject.EMPTY : tags(value, limits, findings);
    }

    /** Checks tags and makes a value of them. */
    static JsonObject tags(JsonNode value, ServiceSettings.Limits limits, Findings findings) {
        if (!(value instanceof ObjectNode tags)) {
            findings.add("tags", "must be an object");
            return JsonObject.EMPTY;
        }
        if (tags.size() > limits.tags()) {
            findings.add("tags", "are at most " + limits.tags() + " (engram.limits.tags), not " + tags.size());
            return JsonObject.EMPTY;
        }
        for (Map.Entry<String, JsonNode> tag : tags.properties()) {
            String path = "tags." + Names.shortened(tag.getKey());
            if (!tag.getValue().isValueNode() || tag.getValue().isNull()) {
                findings.add(path, "must be a text, a number or a boolean");
            } else {
                findings.requireFinite(tag.getValue(), path);
            }
            if (tag.getKey().isEmpty()) {
                findings.add("tags", "have names that are not empty");
            }
        }
        return JsonObject.of(tags);
    }

    private @Nullable String text(ObjectNode json, String member) {
        JsonNode value = json.get(member);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            findings.add(member, "must be a text");
            return null;
        }
        return value.textValue();
    }

    private @Nullable Double number(ObjectNode json, String member) {
        JsonNode value = json.get(member);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            findings.add(member, "must be a finite number");
            return null;
        }
        return value.doubleValue();
    }

    private @Nullable Boolean truth(ObjectNode json, String member) {
        JsonNode value = json.get(member);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isBoolean()) {
            findings.add(member, "must be true or false");
            return null;
        }
        return value.booleanValue();
    }
}
