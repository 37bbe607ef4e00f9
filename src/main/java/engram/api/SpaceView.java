package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.space.Space;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A space and its settings. */
@Schema(name = "Space", description = "A space and its settings")
record SpaceView(
        @Schema(required = true, description = "The name", examples = "world")
        String name,

        @Schema(required = true, minimum = "1", description = "Counts the changes of the settings; the ETag")
        long revision,

        @Schema(required = true, implementation = Object.class, type = SchemaType.OBJECT, description = SCHEMA)
        JsonNode schema,

        @Schema(required = true, implementation = Object.class, type = SchemaType.OBJECT, description = ENCODER)
        JsonNode encoder,

        @Schema(required = true, implementation = Object.class, type = SchemaType.OBJECT, description = TIERS)
        JsonNode tiers) {
    static final String SCHEMA = "How states become features: inputs, numeric, categorical, grid or observation"
            + " (docs/features.md). Fixed once the space has memories";
    static final String ENCODER = "When and how encoders are trained: trainAfter and training (docs/encoders.md)";
    static final String TIERS = "When memories are demoted, merged and forgotten: stm, im, ltm, merge (docs/memory.md)";

    static SpaceView of(Space space) {
        ObjectNode settings = space.settings().toJson();
        return new SpaceView(
                space.name(),
                space.settingsRevision(),
                settings.path("schema"),
                settings.path("encoder"),
                settings.path("tiers"));
    }
}
