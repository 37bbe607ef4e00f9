package engram.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What clearing did. */
@Schema(name = "Cleared", description = "What clearing did")
record Cleared(
        @Schema(required = true, minimum = "0", description = "How many memories were deleted")
        long deleted) {}
