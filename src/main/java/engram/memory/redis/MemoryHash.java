package engram.memory.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Damaged;
import engram.memory.Deflation;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A memory as the fields of a hash. Recall counts lie elsewhere, because every change of a hash makes Redis put its
 * vectors into their graphs anew.
 */
final class MemoryHash {
    static final String REVISION = "revision";
    static final String SEQUENCE = "sequence";

    private static final String AGENT = "agent";
    private static final String KIND = "kind";
    private static final String TIER = "tier";
    private static final String PAYLOAD = "payload";
    private static final String TAGS = "tags";
    private static final String RECORD = "record";

    /** The fields that {@link #read} needs. */
    static final List<String> FIELDS = List.of(RECORD, PAYLOAD, TAGS, REVISION, SEQUENCE);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private MemoryHash() {}

    /** The fields of a memory but for revision and sequence, which are given to it by scripts. */
    static Map<String, byte[]> write(Memory memory) {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        fields.put(IndexSchema.PLACE, bytes(IndexSchema.place(memory)));
        fields.put(AGENT, bytes(memory.agent()));
        fields.put(KIND, bytes(memory.kind().jsonName()));
        fields.put(TIER, bytes(memory.tier().name()));
        fields.put(IndexSchema.TIME, bytes(Long.toString(memory.time().toEpochMilli())));
        Long step = memory.step();
        if (step != null) {
            fields.put(IndexSchema.STEP, bytes(step.toString()));
        }
        byte[] payload = memory.payload().utf8();
        byte[] deflated = memory.tier() == Tier.STM ? payload : Deflation.deflate(payload);
        boolean smaller = deflated.length < payload.length;
        fields.put(PAYLOAD, smaller ? deflated : payload);
        fields.put(TAGS, memory.tags().utf8());
        fields.put(RECORD, record(memory, smaller));
        return fields;
    }

    /**
     * What nobody but this class reads, and for its sake what others read too: a search returns few fields faster than
     * many, and numbers that are indexed not as they were written but as the index has them.
     */
    private static byte[] record(Memory memory, boolean deflated) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("agent", memory.agent());
        json.put("kind", memory.kind().jsonName());
        json.put("tier", memory.tier().name());
        json.put("time", memory.time().toEpochMilli());
        if (memory.step() != null) {
            json.put("step", memory.step());
        }
        if (deflated) {
            json.put("deflated", true);
        }
        json.put("surprise", memory.surprise());
        json.put("created", memory.created().toString());
        if (memory.reduced()) {
            json.put("reduced", true);
        }
        if (memory.pinned()) {
            json.put("pinned", true);
        }
        if (memory.reward() != null) {
            json.put("reward", memory.reward());
        }
        if (memory.importance() != null) {
            json.put("importance", memory.importance());
        }
        if (memory.count() != 1) {
            json.put("count", memory.count());
        }
        if (!memory.derivedFrom().isEmpty()) {
            ArrayNode ids = json.putArray("derivedFrom");
            memory.derivedFrom().forEach(ids::add);
        }
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree that cannot be written", e);
        }
    }

    /**
     * A memory from its fields.
     *
     * @param fields by name; those that are missing may be absent
     * @param recalls how often it was recalled
     * @param lastRecalled when last, in epoch milliseconds
     * @throws Damaged if somebody else wrote into the hash
     */
    static Memory read(String id, Map<String, byte[]> fields, long recalls, @Nullable Long lastRecalled) {
        try {
            JsonNode record = MAPPER.readTree(required(fields, RECORD));
            byte[] payload = required(fields, PAYLOAD);
            JsonNode step = record.get("step");
            JsonNode reward = record.get("reward");
            JsonNode importance = record.get("importance");
            List<String> derivedFrom = new ArrayList<>();
            record.path("derivedFrom").forEach(origin -> derivedFrom.add(origin.textValue()));
            return new Memory(
                    id,
                    record.path("agent").asText(),
                    Kind.valueOf(record.path("kind").asText().toUpperCase(Locale.ROOT)),
                    step == null ? null : step.longValue(),
                    Instant.ofEpochMilli(record.path("time").longValue()),
                    Tier.valueOf(record.path("tier").asText()),
                    JsonObject.stored(record.path("deflated").booleanValue() ? Deflation.inflate(payload) : payload),
                    record.path("reduced").booleanValue(),
                    JsonObject.stored(required(fields, TAGS)),
                    reward == null ? null : reward.doubleValue(),
                    record.path("pinned").booleanValue(),
                    importance == null ? null : importance.doubleValue(),
                    record.path("surprise").doubleValue(),
                    recalls,
                    lastRecalled == null ? null : Instant.ofEpochMilli(lastRecalled),
                    record.path("count").asLong(1),
                    derivedFrom,
                    Instant.parse(record.path("created").asText()),
                    number(fields, REVISION),
                    number(fields, SEQUENCE));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw new Damaged("the hash of memory '" + id + "' was changed by somebody else", e);
        }
    }

    private static byte[] required(Map<String, byte[]> fields, String name) {
        byte[] value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no field " + name);
        }
        return value;
    }

    private static long number(Map<String, byte[]> fields, String name) {
        return Long.parseLong(new String(required(fields, name), StandardCharsets.US_ASCII));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
