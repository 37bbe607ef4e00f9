package engram.api;

import engram.error.InvalidInput;
import engram.memory.space.Space;
import engram.memory.space.Spaces;
import engram.service.access.Keys;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Spaces that holders of keys share with each other, without an administrator. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Access")
class SharesResource {
    private final Spaces spaces;
    private final Keys keys;
    private final RequestAccess access;

    SharesResource(Spaces spaces, Keys keys, RequestAccess access) {
        this.spaces = spaces;
        this.keys = keys;
        this.access = access;
    }

    @GET
    @Path("spaces/{space}/shares")
    @Operation(operationId = "listShares", summary = "What was shared in a space, by key")
    public KeyViews.ShareList list(@Parameter(description = Parameters.SPACE) @PathParam("space") String name) {
        Space space = spaces.open(name);
        return new KeyViews.ShareList(keys.shares(access.caller(), space.name()).stream()
                .map(KeyViews.ShareView::of)
                .toList());
    }

    @POST
    @Path("spaces/{space}/shares")
    @Operation(
            operationId = "share",
            summary = "Let another key into a space",
            description =
                    "To read, or to read and write, as far as the sender may do so itself. What was shared with the key"
                            + " before in this space is replaced.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = KeyRequests.ShareRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The share",
            content = @Content(schema = @Schema(implementation = KeyViews.ShareView.class)))
    public Response share(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            KeyRequests.@Nullable ShareRequest body) {
        Space space = spaces.open(name);
        if (body == null || body.key() == null) {
            throw new InvalidInput("key", "names the key that is let in and must be there");
        }
        String key = body.key();
        access.target("spaces/" + name + "/shares/" + key);
        Keys.Share share = keys.share(
                access.caller(),
                space.name(),
                key,
                KeyRequests.rights(body.rights()),
                KeyRequests.names(body.agents()));
        return Response.status(Response.Status.CREATED)
                .entity(KeyViews.ShareView.of(share))
                .build();
    }

    @DELETE
    @Path("spaces/{space}/shares/{key}")
    @Operation(operationId = "unshare", summary = "Take back what a key was let do in a space by sharing")
    @APIResponse(responseCode = "204", description = "It is taken back")
    public void unshare(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Parameter(description = "The id of the key") @PathParam("key") String key) {
        keys.unshare(access.caller(), spaces.open(name).name(), key);
    }
}
