package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.InvalidInput;
import engram.memory.JsonObject;
import engram.memory.Memory;
import engram.memory.Update;
import engram.memory.space.Space;
import engram.memory.space.Spaces;
import engram.memory.space.StateView;
import engram.service.ServiceSettings;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** One memory. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Memories")
class MemoryResource {
    private final Spaces spaces;
    private final RequestAccess access;
    private final ServiceSettings.Limits limits;

    MemoryResource(Spaces spaces, RequestAccess access, ServiceSettings settings) {
        this.access = access;
        this.spaces = spaces;
        this.limits = settings.limits();
    }

    @GET
    @Path("spaces/{space}/memories/{id}")
    @Operation(operationId = "getMemory", summary = "One memory")
    @APIResponse(
            responseCode = "200",
            description = "The memory",
            content = @Content(schema = @Schema(implementation = MemoryDocument.class)),
            headers =
                    @Header(
                            name = "ETag",
                            description = Parameters.ETAG,
                            schema = @Schema(implementation = String.class)))
    public Response get(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String space,
            @Parameter(description = Parameters.ID) @PathParam("id") String id) {
        return answer(access.memory(spaces.open(space), id));
    }

    @PATCH
    @Path("spaces/{space}/memories/{id}")
    @Operation(
            operationId = "editMemory",
            summary = "Change importance, tags or pinning",
            description =
                    "What the body leaves out stays. An importance of null removes a set one; tags replace all tags.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = EditRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "The memory as it is now",
            content = @Content(schema = @Schema(implementation = MemoryDocument.class)),
            headers =
                    @Header(
                            name = "ETag",
                            description = Parameters.ETAG,
                            schema = @Schema(implementation = String.class)))
    public Response edit(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String space,
            @Parameter(description = Parameters.ID) @PathParam("id") String id,
            @Parameter(description = Parameters.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Nullable EditRequest body) {
        if (body == null) {
            throw new InvalidInput("", "an edit has a body");
        }
        Space opened = spaces.open(space);
        access.requireWritable(opened, id);
        return answer(opened.edit(id, EntityTags.expected(ifMatch), edit(body)));
    }

    @DELETE
    @Path("spaces/{space}/memories/{id}")
    @Operation(operationId = "deleteMemory", summary = "Delete a memory")
    @APIResponse(responseCode = "204", description = "It is gone")
    public void delete(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String space,
            @Parameter(description = Parameters.ID) @PathParam("id") String id,
            @Parameter(description = Parameters.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        Space opened = spaces.open(space);
        access.requireWritable(opened, id);
        opened.delete(id, EntityTags.expected(ifMatch));
    }

    @GET
    @Path("spaces/{space}/memories/{id}/state")
    @Operation(
            operationId = "getState",
            summary = "The state of a memory",
            description =
                    "As it was sent, or, where the memory is reconstructed, what its vector and its declared features"
                            + " say of it.")
    public StateAnswer state(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String space,
            @Parameter(description = Parameters.ID) @PathParam("id") String id) {
        Space opened = spaces.open(space);
        access.requireReadable(opened, id);
        StateView view = opened.state(id);
        return new StateAnswer(view.id(), view.tier().name(), view.state(), view.reconstructed());
    }

    private Update.Edit edit(EditRequest body) {
        Findings findings = new Findings();
        JsonNode importance = body.importance();
        Double set = null;
        if (importance != null && !importance.isNull()) {
            if (importance.isNumber() && importance.doubleValue() >= 0 && importance.doubleValue() <= 1) {
                set = importance.doubleValue();
            } else {
                findings.add("importance", "must be a number between 0 and 1, or null");
            }
        }
        JsonNode tags = body.tags();
        JsonObject replaced = tags == null || tags.isNull() ? null : MemoryReader.tags(tags, limits, findings);
        findings.throwIfAny();
        return new Update.Edit(set, importance != null && importance.isNull(), replaced, body.pinned());
    }

    private static Response answer(Memory memory) {
        return Response.ok(new MemoryView(memory))
                .header(HttpHeaders.ETAG, EntityTags.of(memory.revision()))
                .build();
    }

    /** A change of a memory. */
    @Schema(name = "MemoryEdit", description = "A change of a memory", additionalProperties = Schema.False.class)
    record EditRequest(
            @Schema(
                    implementation = Double.class,
                    nullable = true,
                    minimum = "0",
                    maximum = "1",
                    description = "The importance to set; null removes a set one")
            @Nullable
            JsonNode importance,

            @Schema(implementation = Tags.class, description = "The tags that replace the present ones") @Nullable
            JsonNode tags,

            @Schema(nullable = true, description = "Whether to pin") @Nullable
            Boolean pinned) {}

    /** The state of a memory. */
    @Schema(name = "State", description = "The state of a memory")
    record StateAnswer(
            @Schema(required = true, description = "The memory")
            String id,

            @Schema(
                    required = true,
                    enumeration = {"STM", "IM", "LTM"},
                    description = "The tier it is in")
            String tier,

            @Schema(required = true, implementation = Object.class, description = "The state")
            JsonNode state,

            @Schema(required = true, description = "Whether it was rebuilt rather than kept")
            boolean reconstructed) {}
}
