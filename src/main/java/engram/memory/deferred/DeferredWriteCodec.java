package engram.memory.deferred;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Damaged;
import engram.memory.IdempotencyKey;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.space.NewMemory;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deferred writes as JSON, so that a person can read what waits. */
final class DeferredWriteCodec {
    /** Nesting deeper than the API lets in, for the payload lies two levels down. */
    private static final int DEPTH = 2_000;

    static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(DEPTH).build())
            .build());

    private DeferredWriteCodec() {}

    static byte[] encode(DeferredWrite write) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("key", write.key().value());
        json.put("fingerprint", write.key().fingerprint());
        json.put("keyOfClient", write.keyOfClient());
        json.put("attempted", write.attempted());
        json.put("accepted", write.accepted().toString());
        ArrayNode items = json.putArray("memories");
        for (DeferredWrite.Item item : write.items()) {
            items.add(memory(item));
        }
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new IllegalStateException("a memory that was read can be written", e);
        }
    }

    private static ObjectNode memory(DeferredWrite.Item item) {
        ObjectNode json = attributes(item.memory());
        json.put("idAssigned", item.idAssigned());
        json.set("payload", item.memory().payload().tree());
        return json;
    }

    /** A memory in the form in which a client sends it. */
    static ObjectNode request(NewMemory memory) {
        ObjectNode json = attributes(memory);
        json.setAll(memory.payload().tree());
        return json;
    }

    private static ObjectNode attributes(NewMemory memory) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", memory.id());
        json.put("agent", memory.agent());
        json.put("kind", memory.kind().jsonName());
        if (memory.step() != null) {
            json.put("step", memory.step());
        }
        json.put("time", String.valueOf(memory.time()));
        if (!memory.tags().isEmpty()) {
            json.set("tags", memory.tags().tree());
        }
        if (memory.reward() != null) {
            json.put("reward", memory.reward());
        }
        if (memory.pinned()) {
            json.put("pinned", true);
        }
        if (memory.importance() != null) {
            json.put("importance", memory.importance());
        }
        return json;
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws Damaged if it is something else
     */
    static DeferredWrite decode(byte[] bytes) {
        try {
            JsonNode json = MAPPER.readTree(bytes);
            List<DeferredWrite.Item> items = new ArrayList<>();
            for (JsonNode item : json.required("memories")) {
                items.add(new DeferredWrite.Item(
                        memory(item), item.required("idAssigned").booleanValue()));
            }
            return new DeferredWrite(
                    new IdempotencyKey(
                            json.required("key").textValue(),
                            json.required("fingerprint").textValue()),
                    json.required("keyOfClient").booleanValue(),
                    json.required("attempted").booleanValue(),
                    Instant.parse(json.required("accepted").textValue()),
                    items);
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw new Damaged("a deferred write cannot be read", e);
        }
    }

    private static NewMemory memory(JsonNode json) {
        return new NewMemory(
                json.required("id").textValue(),
                json.required("agent").textValue(),
                kind(json.required("kind").textValue()),
                json.has("step") ? json.get("step").longValue() : null,
                Instant.parse(json.required("time").textValue()),
                object(json.get("payload")),
                object(json.get("tags")),
                json.has("reward") ? json.get("reward").doubleValue() : null,
                json.path("pinned").booleanValue(),
                json.has("importance") ? json.get("importance").doubleValue() : null);
    }

    private static JsonObject object(@Nullable JsonNode json) {
        return json instanceof ObjectNode object ? JsonObject.of(object) : JsonObject.EMPTY;
    }

    private static Kind kind(String name) {
        for (Kind kind : Kind.values()) {
            if (kind.jsonName().equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no kind is named " + name);
    }
}
