package engram.api;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What became of priorities. */
@Schema(name = "PrioritiesResult", description = "What became of priorities")
record PrioritiesAnswer(
        @Schema(required = true, description = "How many were set")
        int updated,

        @Schema(required = true, description = "The ids that are not there (any more)")
        List<String> missing) {}
