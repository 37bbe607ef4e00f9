package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.error.PreconditionFailed;
import engram.memory.space.Space;
import engram.memory.space.SpaceSettings;
import engram.memory.space.Spaces;
import engram.service.ServiceSettings;
import engram.service.access.Right;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Spaces and what is in them. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Spaces", description = "Named, isolated memories that agents share")
class SpacesResource {
    private static final String LIST = "spaces";

    private final Spaces spaces;
    private final SpaceSettings defaults;
    private final RequestAccess access;
    private final ServiceSettings.Limits limits;

    SpacesResource(Spaces spaces, SpaceSettings defaults, RequestAccess access, ServiceSettings settings) {
        this.access = access;
        this.spaces = spaces;
        this.defaults = defaults;
        this.limits = settings.limits();
    }

    @GET
    @Path("spaces")
    @Operation(operationId = "listSpaces", summary = "The names of the spaces that may be read, sorted")
    public SpaceList list(
            @Parameter(description = Parameters.LIMIT, schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(description = Parameters.CURSOR) @QueryParam("cursor") @Nullable String cursor) {
        int most = QueryParameters.integer(
                "limit", limit, Math.min(Parameters.DEFAULT_LIMIT, limits.pageSize()), 1, limits.pageSize());
        String after = Cursors.name(cursor, LIST);
        List<String> names = spaces.names().stream()
                .filter(name -> access.caller().may(name, Right.READ))
                .filter(name -> after == null || name.compareTo(after) > 0)
                .limit(most + 1L)
                .toList();
        boolean more = names.size() > most;
        List<SpaceList.Item> items =
                names.stream().limit(most).map(SpaceList.Item::new).toList();
        return new SpaceList(items, more ? Cursors.ofName(names.get(most - 1), LIST) : null);
    }

    @PUT
    @Path("spaces/{space}")
    @Operation(
            operationId = "putSpace",
            summary = "Create a space, or replace its settings",
            description =
                    "What the body leaves out takes its default. The schema of a space that has memories is fixed.")
    @APIResponse(
            responseCode = "200",
            description = "The settings were replaced",
            content = @Content(schema = @Schema(implementation = SpaceView.class)),
            headers =
                    @Header(
                            name = "ETag",
                            description = Parameters.ETAG,
                            schema = @Schema(implementation = String.class)))
    @APIResponse(
            responseCode = "201",
            description = "The space was created",
            content = @Content(schema = @Schema(implementation = SpaceView.class)),
            headers = {
                @Header(name = "ETag", description = Parameters.ETAG, schema = @Schema(implementation = String.class)),
                @Header(
                        name = "Location",
                        description = "The path of the space",
                        schema = @Schema(implementation = String.class))
            })
    public Response put(
            @Parameter(
                            description = "The name of the space: lower-case letters, digits, '.', '_' and '-'",
                            schema = @Schema(pattern = Parameters.SPACE_PATTERN))
                    @PathParam("space")
                    String name,
            @Parameter(description = Parameters.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Nullable SpaceRequest body) {
        if (EntityTags.isAny(ifMatch) && !spaces.exists(name)) {
            throw new PreconditionFailed("there is no space named '" + Names.shortened(name) + "'");
        }
        Spaces.Put put = spaces.put(name, settings(body), EntityTags.expected(ifMatch));
        SpaceView view = SpaceView.of(put.space());
        Response.ResponseBuilder answer = put.created()
                ? Response.status(Response.Status.CREATED).header(HttpHeaders.LOCATION, "/v1/spaces/" + name)
                : Response.ok();
        return answer.header(HttpHeaders.ETAG, EntityTags.of(view.revision()))
                .entity(view)
                .build();
    }

    @GET
    @Path("spaces/{space}")
    @Operation(operationId = "getSpace", summary = "The settings of a space")
    @APIResponse(
            responseCode = "200",
            description = "The settings",
            content = @Content(schema = @Schema(implementation = SpaceView.class)),
            headers =
                    @Header(
                            name = "ETag",
                            description = Parameters.ETAG,
                            schema = @Schema(implementation = String.class)))
    public Response get(@Parameter(description = Parameters.SPACE) @PathParam("space") String name) {
        SpaceView view = SpaceView.of(spaces.open(name));
        return Response.ok(view)
                .header(HttpHeaders.ETAG, EntityTags.of(view.revision()))
                .build();
    }

    @DELETE
    @Path("spaces/{space}")
    @Operation(operationId = "deleteSpace", summary = "Delete a space with everything in it")
    @APIResponse(responseCode = "204", description = "It is gone")
    public void delete(@Parameter(description = Parameters.SPACE) @PathParam("space") String name) {
        if (!spaces.delete(name)) {
            throw new NotFound("space", Names.shortened(name));
        }
    }

    @GET
    @Path("spaces/{space}/statistics")
    @Operation(operationId = "getStatistics", summary = "How many memories a space holds, by tier, kind and agent")
    public StatisticsView statistics(@Parameter(description = Parameters.SPACE) @PathParam("space") String name) {
        Space space = spaces.open(name);
        return StatisticsView.of(space, access.reading(name));
    }

    private SpaceSettings settings(@Nullable SpaceRequest body) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (body != null) {
            Findings findings = new Findings();
            put(json, "schema", body.schema(), findings);
            put(json, "encoder", body.encoder(), findings);
            put(json, "tiers", body.tiers(), findings);
            findings.throwIfAny();
        }
        return defaults.merge(json);
    }

    private static void put(ObjectNode json, String name, @Nullable JsonNode value, Findings findings) {
        if (value == null || value.isNull()) {
            return;
        }
        if (!value.isObject()) {
            findings.add(new InvalidInput(name, "must be an object"));
            return;
        }
        findings.requireFinite(value, name);
        json.set(name, value);
    }
}
