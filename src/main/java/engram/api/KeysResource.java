package engram.api;

import engram.error.InvalidInput;
import engram.service.ServiceSettings;
import engram.service.access.AccessKey;
import engram.service.access.Keys;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The keys of the service. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Access", description = "Keys, what they are granted, and what administrators did")
class KeysResource {
    private static final String LIST = "keys";
    private static final String ID = "The id of the key";

    private final Keys keys;
    private final RequestAccess access;
    private final ServiceSettings.Limits limits;

    KeysResource(Keys keys, RequestAccess access, ServiceSettings settings) {
        this.keys = keys;
        this.access = access;
        this.limits = settings.limits();
    }

    @POST
    @Path("admin/keys")
    @Operation(
            operationId = "createKey",
            summary = "Make a key",
            description =
                    "The answer holds the key itself, which is kept nowhere and cannot be asked for again. From the"
                            + " first key on every request needs one, so the first is an administrator's: admin on *.")
    @RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = KeyRequests.NewKeyRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The key",
            content = @Content(schema = @Schema(implementation = KeyViews.CreatedView.class)),
            headers =
                    @Header(
                            name = "Location",
                            description = "The path of the key",
                            schema = @Schema(implementation = String.class)))
    public Response create(KeyRequests.@Nullable NewKeyRequest body) {
        if (body == null) {
            throw new InvalidInput("", "a key has a name and grants");
        }
        Keys.Created created = keys.create(body.key());
        String id = created.key().id();
        access.target("admin/keys/" + id);
        KeyViews.CreatedView view =
                new KeyViews.CreatedView(KeyViews.KeyView.of(created.key(), Optional.empty()), created.secret());
        return Response.status(Response.Status.CREATED)
                .header(HttpHeaders.LOCATION, "/v1/admin/keys/" + id)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(view)
                .build();
    }

    @GET
    @Path("admin/keys")
    @Operation(
            operationId = "listKeys",
            summary = "The keys, by id",
            description = "Revoked ones stay in the list for a while; secrets are kept nowhere.")
    public KeyViews.KeyList list(
            @Parameter(description = Parameters.LIMIT, schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(description = Parameters.CURSOR) @QueryParam("cursor") @Nullable String cursor) {
        int most = QueryParameters.integer(
                "limit", limit, Math.min(Parameters.DEFAULT_LIMIT, limits.pageSize()), 1, limits.pageSize());
        String after = Cursors.name(cursor, LIST);
        List<AccessKey> found = keys.list().stream()
                .filter(key -> after == null || key.id().compareTo(after) > 0)
                .limit(most + 1L)
                .toList();
        Map<String, Instant> uses = keys.lastUsed();
        List<KeyViews.KeyView> items = found.stream()
                .limit(most)
                .map(key -> KeyViews.KeyView.of(key, Optional.ofNullable(uses.get(key.id()))))
                .toList();
        boolean more = found.size() > most;
        return new KeyViews.KeyList(
                items, more ? Cursors.ofName(found.get(most - 1).id(), LIST) : null);
    }

    @GET
    @Path("admin/keys/{key}")
    @Operation(operationId = "getKey", summary = "A key, without its secret")
    public KeyViews.KeyView get(@Parameter(description = ID) @PathParam("key") String id) {
        return view(keys.get(id));
    }

    @PATCH
    @Path("admin/keys/{key}")
    @Operation(
            operationId = "editKey",
            summary = "Change name, grants, expiry or rate of a key",
            description = "What the body leaves out stays; the secret always does.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = KeyRequests.KeyEdit.class)))
    public KeyViews.KeyView edit(
            @Parameter(description = ID) @PathParam("key") String id, KeyRequests.@Nullable KeyEdit body) {
        if (body == null) {
            throw new InvalidInput("", "an edit has a body");
        }
        return view(keys.edit(id, body.change()));
    }

    @DELETE
    @Path("admin/keys/{key}")
    @Operation(
            operationId = "revokeKey",
            summary = "Revoke a key for good",
            description =
                    "It opens nothing any more: here at once, on other replicas after engram.access.reload-every."
                            + " The last administrator's key is revoked last, and then a service on the loopback is open again.")
    @APIResponse(responseCode = "204", description = "It is revoked")
    public void revoke(@Parameter(description = ID) @PathParam("key") String id) {
        keys.revoke(id);
    }

    private KeyViews.KeyView view(AccessKey key) {
        return KeyViews.KeyView.of(key, Optional.ofNullable(keys.lastUsed().get(key.id())));
    }
}
