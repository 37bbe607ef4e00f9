package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A list of memories that a client asks for. */
@Schema(name = "MemoryQuery", description = "Which memories to list", additionalProperties = Schema.False.class)
record QueryRequest(
        @Schema(implementation = FilterDocument.class, nullable = true, description = "What a memory must satisfy")
        @Nullable
        JsonNode filter,

        @Schema(
                nullable = true,
                enumeration = {"newest", "oldest"},
                defaultValue = "newest",
                description = "Which come first")
        @Nullable
        String order,

        @Schema(nullable = true, minimum = "1", defaultValue = "100", description = "The size of the page") @Nullable
        Integer limit,

        @Schema(nullable = true, description = Parameters.CURSOR) @Nullable
        String cursor) {
    static final QueryRequest EVERYTHING = new QueryRequest(null, null, null, null);
}
