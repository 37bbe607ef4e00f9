package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Many memories to store. */
@Schema(name = "Batch", description = "Many memories to store", additionalProperties = Schema.False.class)
record BatchRequest(
        @Schema(
                required = true,
                implementation = MemoryRequest[].class,
                description = "The memories; engram.limits.batch-size at most")
        @Nullable
        List<JsonNode> memories) {}
