package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The settings of a space as a client sends them. */
@Schema(
        name = "SpaceSettings",
        description = "The settings of a space; what is left out takes its default",
        additionalProperties = Schema.False.class)
record SpaceRequest(
        @Schema(implementation = Object.class, description = SpaceView.SCHEMA) @Nullable
        JsonNode schema,

        @Schema(implementation = Object.class, description = SpaceView.ENCODER, examples = "{\"trainAfter\":1000}")
        @Nullable
        JsonNode encoder,

        @Schema(
                implementation = Object.class,
                description = SpaceView.TIERS,
                examples = "{\"stm\":{\"capacity\":1000,\"timeToLive\":\"PT24H\"}}")
        @Nullable
        JsonNode tiers) {}
