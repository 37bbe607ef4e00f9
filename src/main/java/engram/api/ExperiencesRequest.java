package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Many transitions to store. */
@Schema(name = "Experiences", description = "Many transitions to store", additionalProperties = Schema.False.class)
record ExperiencesRequest(
        @Schema(
                required = true,
                implementation = ExperienceRequest[].class,
                description = "The transitions; engram.limits.batch-size at most")
        @Nullable
        List<JsonNode> experiences) {}
