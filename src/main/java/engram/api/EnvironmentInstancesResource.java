package engram.api;

import engram.environment.ResetOptions;
import engram.error.InvalidInput;
import engram.service.environments.EnvironmentInstance;
import engram.service.environments.EnvironmentInstances;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
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

/** Instances of the built-in environments, for learners in other programs. */
@Path("/v1/environments/{name}/instances")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Environments")
class EnvironmentInstancesResource {
    private static final String NAME = "The name of a built-in environment";
    private static final String ID = "The id of the instance";

    private final EnvironmentInstances instances;
    private final RequestAccess access;

    EnvironmentInstancesResource(EnvironmentInstances instances, RequestAccess access) {
        this.instances = instances;
        this.access = access;
    }

    @POST
    @Operation(
            operationId = "createEnvironmentInstance",
            summary = "Make an instance of a built-in environment, or a batch of them",
            description = "It belongs to the key that made it, and is closed when nobody has used it for"
                    + " engram.environments.idle.")
    @RequestBody(content = @Content(schema = @Schema(implementation = EnvironmentRequests.New.class)))
    @APIResponse(
            responseCode = "201",
            description = "The instance; reset it first",
            content = @Content(schema = @Schema(implementation = EnvironmentAnswers.Instance.class)),
            headers =
                    @Header(
                            name = "Location",
                            description = "The path of the instance",
                            schema = @Schema(implementation = String.class)))
    public Response create(
            @Parameter(description = NAME) @PathParam("name") String name, EnvironmentRequests.@Nullable New body) {
        EnvironmentRequests.New asked = body == null ? new EnvironmentRequests.New(null, null) : body;
        EnvironmentInstance made = instances.create(name, asked.instances(), asked.mode(), access.caller());
        return Response.status(Response.Status.CREATED)
                .header(HttpHeaders.LOCATION, "/v1/environments/" + name + "/instances/" + made.id())
                .entity(new EnvironmentAnswers.Instance(
                        made.id(), name, made.size().orElse(null)))
                .build();
    }

    @POST
    @Path("{id}/reset")
    @Operation(operationId = "resetEnvironment", summary = "Begin an episode, in a batch one of each instance")
    @RequestBody(content = @Content(schema = @Schema(implementation = EnvironmentRequests.Reset.class)))
    public EnvironmentAnswers.Followed reset(
            @Parameter(description = NAME) @PathParam("name") String name,
            @Parameter(description = ID) @PathParam("id") String id,
            EnvironmentRequests.@Nullable Reset body) {
        Long seed = body == null ? null : body.seed();
        ResetOptions options = ResetOptions.of(seed);
        return instances
                .get(name, id, access.caller())
                .use(
                        single -> EnvironmentAnswers.Followed.of(single.reset(options)),
                        batch -> EnvironmentAnswers.Followed.of(batch, batch.reset(seed)));
    }

    @POST
    @Path("{id}/step")
    @Operation(
            operationId = "stepEnvironment",
            summary = "Take an action, in a batch one in each instance",
            description =
                    "A single instance whose episode has ended is reset before it is stepped again; those of a batch"
                            + " begin the next episode by themselves.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = EnvironmentRequests.Step.class)))
    public EnvironmentAnswers.Followed step(
            @Parameter(description = NAME) @PathParam("name") String name,
            @Parameter(description = ID) @PathParam("id") String id,
            EnvironmentRequests.@Nullable Step body) {
        if (body == null) {
            throw new InvalidInput("action", "is needed");
        }
        return instances
                .get(name, id, access.caller())
                .use(
                        single -> EnvironmentAnswers.Followed.of(single.step(body.single(single.actions()))),
                        batch -> EnvironmentAnswers.Followed.of(
                                batch, batch.step(body.batch(batch.actions(), batch.size()))));
    }

    @DELETE
    @Path("{id}")
    @Operation(operationId = "deleteEnvironmentInstance", summary = "Close an instance")
    @APIResponse(responseCode = "204", description = "It is gone")
    public void delete(
            @Parameter(description = NAME) @PathParam("name") String name,
            @Parameter(description = ID) @PathParam("id") String id) {
        instances.delete(instances.get(name, id, access.caller()));
    }
}
