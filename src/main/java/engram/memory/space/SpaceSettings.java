package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.feature.FeatureSchema;
import engram.memory.consolidation.TierPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a client sets of a space.
 *
 * @param schema how states become features; fixed once the space has memories
 * @param encoder when and how encoders are trained
 * @param tiers when memories are demoted, merged and forgotten
 */
public record SpaceSettings(FeatureSchema schema, EncoderSettings encoder, TierPolicy tiers) {
    private static final List<String> MEMBERS = List.of("schema", "encoder", "tiers");

    public SpaceSettings {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(encoder, "encoder");
        Objects.requireNonNull(tiers, "tiers");
    }

    /** The default schema, encoder settings and tier policy. */
    public static SpaceSettings defaults() {
        return new SpaceSettings(FeatureSchema.defaults(), EncoderSettings.defaults(), TierPolicy.defaults());
    }

    /**
     * Reads settings; what they leave out is taken from these.
     *
     * @throws InvalidInput naming every unknown or unsuitable field
     */
    public SpaceSettings merge(JsonNode json) {
        if (!json.isObject()) {
            throw new InvalidInput("", "the settings of a space are a JSON object");
        }
        List<FieldError> errors = new ArrayList<>();
        json.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                errors.add(new FieldError(name, "is not a setting of a space; those are " + MEMBERS));
            }
        });
        FeatureSchema readSchema = read(json, "schema", schema, FeatureSchema::parse, errors);
        EncoderSettings readEncoder = read(json, "encoder", encoder, encoder::merge, errors);
        TierPolicy readTiers = read(json, "tiers", tiers, TierPolicy::parse, errors);
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
        return new SpaceSettings(readSchema, readEncoder, readTiers);
    }

    /** The settings as {@link #merge} reads them. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("schema", schema.toJson());
        json.set("encoder", encoder.toJson());
        json.set("tiers", tiers.toJson());
        return json;
    }

    private static <T> T read(
            JsonNode json, String member, T absent, Function<JsonNode, T> reader, List<FieldError> errors) {
        @Nullable JsonNode value = json.get(member);
        if (value == null || value.isNull()) {
            return absent;
        }
        try {
            return reader.apply(value);
        } catch (InvalidInput e) {
            errors.addAll(e.under(member).errors());
            return absent;
        }
    }
}
