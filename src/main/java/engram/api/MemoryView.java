package engram.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import engram.memory.JsonObject;
import engram.memory.Memory;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A memory as clients see it: its payload's members at the top level, as they were sent. */
@JsonSerialize(using = MemoryView.Writer.class)
record MemoryView(Memory memory) {

    /** Writes a memory. Payload and tags are kept as UTF-8 and copied as they are, because recalls return many. */
    static final class Writer extends StdSerializer<MemoryView> {
        private static final long serialVersionUID = 1L;
        /** What consolidation keeps for its own use. */
        private static final Set<String> INTERNAL = Set.of("outline");

        Writer() {
            super(MemoryView.class);
        }

        @Override
        public void serialize(MemoryView view, JsonGenerator json, SerializerProvider provider) throws IOException {
            Memory memory = view.memory();
            json.writeStartObject();
            json.writeStringField("id", memory.id());
            json.writeStringField("agent", memory.agent());
            json.writeStringField("kind", memory.kind().jsonName());
            Long step = memory.step();
            if (step == null) {
                json.writeNullField("step");
            } else {
                json.writeNumberField("step", step);
            }
            json.writeStringField("time", memory.time().toString());
            json.writeStringField("tier", memory.tier().name());
            writePayload(memory, json);
            writeNumber(json, "reward", memory.reward());
            json.writeFieldName("tags");
            json.writeRawValue(new Utf8(memory.tags().utf8()));
            json.writeBooleanField("pinned", memory.pinned());
            writeNumber(json, "importance", memory.importance());
            json.writeNumberField("surprise", memory.surprise());
            json.writeNumberField("recalls", memory.recalls());
            Instant lastRecalled = memory.lastRecalled();
            if (lastRecalled == null) {
                json.writeNullField("lastRecalled");
            } else {
                json.writeStringField("lastRecalled", lastRecalled.toString());
            }
            json.writeNumberField("count", memory.count());
            json.writeArrayFieldStart("derivedFrom");
            for (String id : memory.derivedFrom()) {
                json.writeString(id);
            }
            json.writeEndArray();
            json.writeBooleanField("reconstructed", memory.reduced());
            json.writeStringField("created", memory.created().toString());
            json.writeNumberField("revision", memory.revision());
            json.writeEndObject();
        }

        private static void writePayload(Memory memory, JsonGenerator json) throws IOException {
            JsonObject payload = memory.payload();
            if (payload.isEmpty()) {
                return;
            }
            if (memory.reduced()) {
                for (Map.Entry<String, JsonNode> member : payload.tree().properties()) {
                    if (!INTERNAL.contains(member.getKey())) {
                        json.writeFieldName(member.getKey());
                        json.writeTree(member.getValue());
                    }
                }
                return;
            }
            byte[] utf8 = payload.utf8();
            // Members stand before, so the object goes on with a comma and without the payload's own braces.
            utf8[0] = ',';
            json.writeRaw(new Utf8(utf8, utf8.length - 1));
        }

        private static void writeNumber(JsonGenerator json, String name, @Nullable Double value) throws IOException {
            if (value == null) {
                json.writeNullField(name);
            } else {
                json.writeNumberField(name, value);
            }
        }
    }
}
