package engram.api;

import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The report of a consolidation in the OpenAPI document; {@code ConsolidationReport} writes it. */
@Schema(name = "ConsolidationReport", description = "What a consolidation did, or would do")
record ConsolidationDocument(
        @Schema(required = true, description = "Whether nothing was changed")
        boolean dryRun,

        @Schema(required = true, description = "Memories by tier before")
        Map<String, Long> before,

        @Schema(required = true, description = "Memories by tier after")
        Map<String, Long> after,

        @Schema(
                required = true,
                description = "What was done in all: demotedToIm, demotedToLtm, groups, merged, forgotten")
        Map<String, Object> total,

        @Schema(required = true, description = "The same for each agent")
        List<Map<String, Object>> agents,

        @Schema(required = true, description = "A few ids of each thing")
        Map<String, Object> examples,

        @Schema(
                required = true,
                description =
                        "Whether merging was left to a later consolidation because the space is being re-embedded")
        boolean mergingPostponed) {}
