package engram.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.space.Spaces;
import engram.run.Progress;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Consolidation on request. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Consolidation", description = "Moving memories down the tiers, merging and forgetting")
class ConsolidationsResource {
    private final Spaces spaces;

    ConsolidationsResource(Spaces spaces) {
        this.spaces = spaces;
    }

    @POST
    @Path("spaces/{space}/consolidations")
    @Operation(
            operationId = "consolidate",
            summary = "Consolidate now",
            description =
                    "Moves memories to lower tiers, merges near-duplicates and forgets, by the tier policy of the space."
                            + " A dry run only reports what would be done.")
    @APIResponse(
            responseCode = "200",
            description = "What was done, or would be",
            content = @Content(schema = @Schema(implementation = ConsolidationDocument.class)))
    public ObjectNode consolidate(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String space,
            @Nullable ConsolidationRequest body) {
        boolean dryRun = body != null && body.dryRun() != null && body.dryRun();
        return spaces.open(space).consolidate(dryRun, Progress.unobserved()).toJson();
    }

    /** A consolidation. */
    @Schema(name = "ConsolidationRequest", description = "A consolidation", additionalProperties = Schema.False.class)
    record ConsolidationRequest(
            @Schema(nullable = true, defaultValue = "false", description = "Whether only to report what would be done")
            @Nullable
            Boolean dryRun) {}
}
