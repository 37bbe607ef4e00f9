package engram.api;

import engram.error.InvalidInput;
import engram.run.Run;
import engram.run.Runs;
import engram.service.ServiceSettings;
import engram.service.access.Caller;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Long jobs. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Runs", description = "Long jobs: progress, cancellation and results")
class RunsResource {
    private final Runs runs;
    private final RequestAccess access;
    private final ServiceSettings settings;

    RunsResource(Runs runs, RequestAccess access, ServiceSettings settings) {
        this.access = access;
        this.runs = runs;
        this.settings = settings;
    }

    @GET
    @Path("runs")
    @Operation(operationId = "listRuns", summary = "Runs on what may be read, newest first")
    public RunList list(
            @Parameter(description = "Only of this kind") @QueryParam("kind") @Nullable String kind,
            @Parameter(description = "Only on this subject, such as a space") @QueryParam("subject") @Nullable
                    String subject,
            @Parameter(
                            description = "Only of this status",
                            schema = @Schema(enumeration = {"queued", "running", "succeeded", "failed", "cancelled"}))
                    @QueryParam("status")
                    @Nullable
                    String status,
            @Parameter(description = Parameters.LIMIT, schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(description = Parameters.CURSOR) @QueryParam("cursor") @Nullable String cursor) {
        int pageSize = settings.limits().pageSize();
        int most = QueryParameters.integer("limit", limit, Math.min(Parameters.DEFAULT_LIMIT, pageSize), 1, pageSize);
        requireStatus(status);
        Caller caller = access.caller();
        Predicate<Run> which = run -> AccessFilter.isVisible(caller, run)
                && (kind == null || kind.equals(run.kind()))
                && (subject == null || subject.equals(run.subject()))
                && (status == null || status.equals(run.status().jsonName()));
        String query = "runs " + List.of(String.valueOf(kind), String.valueOf(subject), String.valueOf(status));
        Runs.Page page = runs.list(which, Cursors.runPosition(cursor, query), most);
        return new RunList(page.runs().stream().map(RunView::of).toList(), Cursors.of(page.next(), query));
    }

    @GET
    @Path("runs/{run}")
    @Operation(operationId = "getRun", summary = "A run as it is now")
    public RunView get(@Parameter(description = "The id of the run") @PathParam("run") String id) {
        return RunView.of(runs.get(id));
    }

    @DELETE
    @Path("runs/{run}")
    @Operation(
            operationId = "cancelRun",
            summary = "Cancel a run",
            description =
                    "One that waits is cancelled at once, one that works stops at its next step, and one that has ended"
                            + " stays as it is.")
    @APIResponse(
            responseCode = "202",
            description = "The run as it is after the request",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    public Response cancel(@Parameter(description = "The id of the run") @PathParam("run") String id) {
        return Response.accepted(RunView.of(runs.cancel(id))).build();
    }

    @GET
    @Path("runs/{run}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            operationId = "watchRun",
            summary = "The progress of a run as it happens",
            description =
                    "Server-sent events of type run; the data of each is the run as it is then. The stream ends with the"
                            + " run.")
    @APIResponse(
            responseCode = "200",
            description = "The events",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = StreamedEvent.class)))
    public Multi<OutboundSseEvent> events(
            @Parameter(description = "The id of the run") @PathParam("run") String id, @Context Sse sse) {
        return new RunEvents(runs, id, sse).stream(settings.changes().heartbeat());
    }

    private static void requireStatus(@Nullable String status) {
        List<String> known =
                Arrays.stream(Run.Status.values()).map(Run.Status::jsonName).toList();
        if (status != null && !known.contains(status)) {
            throw new InvalidInput("status", "must be one of " + String.join(", ", known));
        }
    }

    /** A page of runs. */
    @Schema(name = "RunList", description = "A page of runs")
    record RunList(
            @Schema(required = true, description = "The runs, newest first")
            List<RunView> items,

            @Schema(
                    required = true,
                    nullable = true,
                    description = "The cursor of the next page; null after the last one")
            @Nullable
            String nextCursor) {}
}
