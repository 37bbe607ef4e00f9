package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A similarity search as a client sends it; {@link RecallReader} checks it. */
@Schema(
        name = "RecallRequest",
        description = "A similarity search: exactly one of state, action, vector, text and like",
        additionalProperties = Schema.False.class)
@SuppressWarnings("ArrayRecordComponent") // Read once and handed on; a list of a few hundred boxes is no use to anyone.
record RecallRequest(
        @Schema(
                implementation = Object.class,
                description = "Finds moments like this state: an object of the space's schema or an array of numbers",
                examples = "{\"health\":80,\"energy\":55,\"agent_type\":\"harvester\"}")
        @Nullable
        JsonNode state,

        @Schema(implementation = Object.class, description = "Finds actions like this one") @Nullable
        JsonNode action,

        @Schema(
                nullable = true,
                description = "Finds memories near a vector of the active encoder: 384, 128 or 32 numbers. A narrow"
                        + " vector reaches only tiers that are as narrow or narrower")
        float @Nullable [] vector,

        @Schema(nullable = true, description = "Finds texts that mean something like this one") @Nullable
        String text,

        @Schema(nullable = true, description = "Finds memories like the one of this id, which is left out") @Nullable
        String like,

        @Schema(
                nullable = true,
                defaultValue = "10",
                minimum = "1",
                description = "How many matches at most; engram.limits.k is the largest value")
        @Nullable
        Integer k,

        @Schema(
                nullable = true,
                description = "Where to look: STM, IM, LTM; everywhere the query reaches where it is absent",
                examples = "[\"STM\",\"IM\"]")
        @Nullable
        List<String> tiers,

        @Schema(implementation = FilterDocument.class, nullable = true, description = "What a memory must satisfy")
        @Nullable
        JsonNode filter,

        @Schema(
                nullable = true,
                minimum = "0",
                maximum = "1",
                defaultValue = "0",
                description = "The least similarity of a match; 1 is identical")
        @Nullable
        Double minScore,

        @Schema(nullable = true, description = "How matches are ordered; by similarity alone where it is absent")
        @Nullable
        Rank rank,

        @Schema(nullable = true, description = "Ids that are not to be returned") @Nullable
        List<String> exclude,

        @Schema(
                nullable = true,
                defaultValue = "false",
                description = "Whether to compare every candidate instead of walking the index")
        @Nullable
        Boolean exact,

        @Schema(
                nullable = true,
                enumeration = {"memory", "ids"},
                defaultValue = "memory",
                description = "Whether each match carries its memory, or only its id, score and tier")
        @Nullable
        String include) {

    /** The weights of a ranking. */
    @Schema(
            name = "Rank",
            description =
                    "Weights of four numbers in [0,1]. Candidates are found by similarity and ordered by the weighted"
                            + " mean",
            additionalProperties = Schema.False.class)
    record Rank(
            @Schema(
                    nullable = true,
                    minimum = "0",
                    maximum = "1000",
                    description = "Weight of the similarity; 0 if absent")
            @Nullable
            Double similarity,

            @Schema(
                    nullable = true,
                    minimum = "0",
                    maximum = "1000",
                    description = "Weight of 2^(-age/halfLife); 0 if absent")
            @Nullable
            Double recency,

            @Schema(
                    nullable = true,
                    minimum = "0",
                    maximum = "1000",
                    description = "Weight of the importance; 0 if absent")
            @Nullable
            Double importance,

            @Schema(
                    nullable = true,
                    minimum = "0",
                    maximum = "1000",
                    description = "Weight of 1/(1+recalls): seldom recalled memories come first; 0 if absent")
            @Nullable
            Double novelty,

            @Schema(
                    nullable = true,
                    defaultValue = "PT24H",
                    description = "The age at which recency is one half, as an ISO 8601 duration",
                    examples = "PT24H")
            @Nullable
            String halfLife) {}
}
