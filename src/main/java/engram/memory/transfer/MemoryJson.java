package engram.memory.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import engram.memory.EmbeddingVersion;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.Modality;
import engram.memory.Tier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A memory as a JSON object with all its fields. What is as a new memory has it (no step, no tags, a count of 1, …) is
 * left out. The vector is little-endian 32-bit floats in base64.
 */
final class MemoryJson {
    private static final List<String> FIELDS = List.of(
            "id",
            "agent",
            "kind",
            "step",
            "time",
            "tier",
            "payload",
            "reduced",
            "tags",
            "reward",
            "pinned",
            "importance",
            "surprise",
            "recalls",
            "lastRecalled",
            "count",
            "derivedFrom",
            "created",
            "encoder",
            "vector");

    private MemoryJson() {}

    static ObjectNode write(TransferredMemory transferred) {
        Memory memory = transferred.memory();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", memory.id());
        json.put("agent", memory.agent());
        json.put("kind", memory.kind().jsonName());
        if (memory.step() != null) {
            json.put("step", memory.step());
        }
        json.put("time", memory.time().toString());
        json.put("tier", memory.tier().name());
        json.set("payload", memory.payload().tree());
        if (memory.reduced()) {
            json.put("reduced", true);
        }
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
        json.put("surprise", memory.surprise());
        writeHistory(memory, json);
        TransferredMemory.Vector vector = transferred.vector();
        if (vector != null) {
            json.putObject("encoder")
                    .put("modality", vector.version().modality().name().toLowerCase(Locale.ROOT))
                    .put("version", vector.version().number());
            json.put("vector", Base64.getEncoder().encodeToString(bytes(vector.numbers())));
        }
        return json;
    }

    private static void writeHistory(Memory memory, ObjectNode json) {
        if (memory.recalls() != 0) {
            json.put("recalls", memory.recalls());
        }
        if (memory.lastRecalled() != null) {
            json.put("lastRecalled", memory.lastRecalled().toString());
        }
        if (memory.count() != 1) {
            json.put("count", memory.count());
        }
        if (!memory.derivedFrom().isEmpty()) {
            memory.derivedFrom().forEach(json.putArray("derivedFrom")::add);
        }
        json.put("created", memory.created().toString());
    }

    /** Reads a memory; throws {@link InvalidInput} that names the field. */
    static TransferredMemory read(JsonNode json) {
        Fields fields = Fields.of(json);
        fields.requireKnown(FIELDS);
        Double surprise = fields.optionalShare("surprise");
        long count = fields.whole("count", 1);
        if (count < 1) {
            throw fields.invalid("count", "is at least 1");
        }
        Memory memory = new Memory(
                fields.text("id"),
                fields.text("agent"),
                constant(fields, "kind", Kind.values(), Kind::jsonName),
                fields.optionalWhole("step"),
                fields.time("time"),
                constant(fields, "tier", Tier.values(), Tier::name),
                fields.object("payload"),
                fields.flag("reduced"),
                fields.scalars("tags"),
                fields.optionalNumber("reward"),
                fields.flag("pinned"),
                fields.optionalShare("importance"),
                surprise == null ? 0 : surprise,
                fields.whole("recalls", 0),
                fields.optionalTime("lastRecalled"),
                count,
                fields.texts("derivedFrom"),
                fields.time("created"),
                1,
                0);
        return new TransferredMemory(memory, vector(fields, memory));
    }

    private static TransferredMemory.@Nullable Vector vector(Fields fields, Memory memory) {
        String text = fields.optionalText("vector");
        if (text == null) {
            return null;
        }
        Fields encoder = fields.member("encoder");
        encoder.requireKnown(List.of("modality", "version"));
        Modality modality = constant(
                encoder, "modality", Modality.values(), value -> value.name().toLowerCase(Locale.ROOT));
        if (modality != memory.kind().modality()) {
            throw encoder.invalid(
                    "modality",
                    "is not that of a memory of kind " + memory.kind().jsonName());
        }
        long version = encoder.whole("version", -1);
        if (version < 0 || version > Integer.MAX_VALUE) {
            throw encoder.invalid("version", "is the version of an encoder");
        }
        int dimensions = memory.tier().resolution().dimensions();
        float[] numbers = numbers(fields, text);
        if (numbers.length != dimensions) {
            throw fields.invalid(
                    "vector", "has " + numbers.length + " numbers, but " + memory.tier() + " has " + dimensions);
        }
        return new TransferredMemory.Vector(new EmbeddingVersion(modality, (int) version), numbers);
    }

    private static float[] numbers(Fields fields, String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length % Float.BYTES != 0) {
                throw fields.invalid("vector", "is 32-bit floats in base64");
            }
            float[] numbers = new float[bytes.length / Float.BYTES];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(numbers);
            for (float number : numbers) {
                if (!Float.isFinite(number)) {
                    throw fields.invalid("vector", "holds a number that is not finite");
                }
            }
            return numbers;
        } catch (IllegalArgumentException e) {
            throw fields.invalid("vector", "is 32-bit floats in base64");
        }
    }

    private static byte[] bytes(float[] numbers) {
        ByteBuffer buffer = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(numbers);
        return buffer.array();
    }

    /** A constant by its name, without regard to case. */
    static <T> T constant(Fields fields, String name, T[] constants, Function<T, String> nameOf) {
        String text = fields.text(name);
        for (T constant : constants) {
            if (nameOf.apply(constant).equalsIgnoreCase(text)) {
                return constant;
            }
        }
        List<String> known = Arrays.stream(constants).map(nameOf).toList();
        throw fields.invalid(name, "'" + text + "' is none" + Suggestion.forName(text, known));
    }
}
