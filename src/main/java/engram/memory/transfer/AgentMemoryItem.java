package engram.memory.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.Tier;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One item of an AgentMemory export as a memory. */
final class AgentMemoryItem {
    /** What the content repeats of the item around it. */
    private static final List<String> REPEATED = List.of("type", "step_number", "agent_id");

    private static final Kind[] KINDS = {Kind.STATE, Kind.ACTION, Kind.INTERACTION};

    private AgentMemoryItem() {}

    /**
     * Reads an item.
     *
     * @param agent whose item it is where it does not say
     */
    static TransferredMemory read(JsonNode json, String agent) {
        Fields fields = Fields.of(json);
        Fields metadata = fields.member("metadata");
        String id = fields.text("memory_id");
        Kind kind = fields.has("type") || !metadata.has("memory_type")
                ? MemoryJson.constant(fields, "type", KINDS, Kind::jsonName)
                : MemoryJson.constant(metadata, "memory_type", KINDS, Kind::jsonName);
        Instant time = fields.optionalSeconds("timestamp");
        Instant created = metadata.optionalSeconds("creation_time");
        if (time == null) {
            if (created == null) {
                throw fields.invalid("timestamp", "is missing");
            }
            time = created;
        }
        long recalls = metadata.whole("retrieval_count", 0);
        Memory memory = new Memory(
                id,
                fields.has("agent_id") || agent.isBlank() ? fields.text("agent_id") : agent,
                kind,
                fields.optionalWhole("step_number"),
                time,
                metadata.has("current_tier")
                        ? MemoryJson.constant(metadata, "current_tier", Tier.values(), Tier::name)
                        : Tier.STM,
                payload(fields, kind),
                false,
                tags(fields.has("tags") ? fields : metadata),
                fields.member("content").optionalNumber("reward"),
                false,
                metadata.optionalShare("importance_score"),
                0,
                recalls,
                recalls == 0 ? null : metadata.optionalSeconds("last_access_time"),
                1,
                List.of(),
                created == null ? time : created,
                1,
                0);
        return new TransferredMemory(memory, null);
    }

    static boolean hasVectors(JsonNode json) {
        return json.path("embeddings").valueStream().anyMatch(vector -> vector.isArray() && !vector.isEmpty());
    }

    /** The content under the name of its kind; actions keep the names that {@code engram.feature} knows them by. */
    private static JsonObject payload(Fields fields, Kind kind) {
        JsonNode content = fields.value("content");
        if (!(content instanceof ObjectNode object)) {
            throw fields.invalid("content", "is a JSON object: what the memory is about");
        }
        ObjectNode about = object.deepCopy();
        about.remove(REPEATED);
        if (about.isEmpty()) {
            throw fields.invalid("content", "says nothing beyond the type, the step and the agent");
        }
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.set(kind.jsonName(), about);
        return JsonObject.of(payload);
    }

    private static JsonObject tags(Fields fields) {
        @Nullable JsonNode tags = fields.value("tags");
        if (tags == null || tags.isObject()) {
            return fields.scalars("tags");
        }
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        fields.texts("tags").forEach(tag -> named.put(tag, true));
        return JsonObject.of(named);
    }
}
