package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A sample of experiences as a client asks for it; {@link SampleReader} checks it. */
@Schema(name = "SampleRequest", description = "A sample of experiences", additionalProperties = Schema.False.class)
record SampleRequest(
        @Schema(
                nullable = true,
                defaultValue = "64",
                minimum = "1",
                description = "How many; engram.limits.k at most if similar, else engram.limits.batch-size")
        @Nullable
        Integer size,

        @Schema(
                nullable = true,
                enumeration = {"uniform", "prioritized", "recent", "similar"},
                defaultValue = "uniform",
                description = "uniform and prioritized draw with replacement from the newest 10,000 that satisfy the"
                        + " filter; recent are the newest; similar the nearest to like")
        @Nullable
        String strategy,

        @Schema(
                implementation = Object.class,
                description =
                        "What similar ones are similar to: an observation, or the id of a memory, which is left out")
        @Nullable
        JsonNode like,

        @Schema(nullable = true, minimum = "0", maximum = "1", description = "The least similarity of similar ones")
        @Nullable
        Double minScore,

        @Schema(implementation = FilterDocument.class, nullable = true, description = "What an experience must satisfy")
        @Nullable
        JsonNode filter,

        @Schema(
                nullable = true,
                minimum = "0",
                maximum = "1",
                defaultValue = "0.6",
                description = "How much priorities count where they are drawn by")
        @Nullable
        Double alpha,

        @Schema(
                nullable = true,
                minimum = "0",
                maximum = "1",
                defaultValue = "0.4",
                description = "How far the weights correct what drawing by priority distorts")
        @Nullable
        Double beta,

        @Schema(nullable = true, description = "Makes the draw repeatable while the space does not change") @Nullable
        Long seed) {}
