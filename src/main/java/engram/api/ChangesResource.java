package engram.api;

import engram.memory.space.Space;
import engram.memory.space.Spaces;
import engram.service.ServiceSettings;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The change feed of a space. */
@Path("/v1")
@Tag(name = "Changes", description = "What happens in a space, as it happens")
class ChangesResource {
    private final Spaces spaces;
    private final RequestAccess access;
    private final ServiceSettings settings;

    ChangesResource(Spaces spaces, RequestAccess access, ServiceSettings settings) {
        this.access = access;
        this.spaces = spaces;
        this.settings = settings;
    }

    @GET
    @Path("spaces/{space}/changes")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            operationId = "watchChanges",
            summary = "What happens in a space, as it happens",
            description = "Server-sent events of type new, edited, demoted, merged, forgotten or deleted. Each has the"
                    + " sequence number of the change as id and a Change as data. Without Last-Event-ID and after, the stream"
                    + " begins with the next change. An idle stream sends comments.")
    @APIResponse(
            responseCode = "200",
            description = "The events",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = StreamedEvent.class)))
    public Multi<OutboundSseEvent> changes(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Parameter(
                            description =
                                    "The id of the last event that the client has; browsers send it by themselves",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "0"))
                    @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER)
                    @Nullable
                    String lastEventId,
            @Parameter(
                            description =
                                    "The same for a client that cannot send the header; 0 for the oldest change kept",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "0"))
                    @QueryParam("after")
                    @Nullable
                    String after,
            @Context Sse sse) {
        Space space = spaces.open(name);
        Long from = QueryParameters.longOrNull(HttpHeaders.LAST_EVENT_ID_HEADER, lastEventId, 0);
        if (from == null) {
            from = QueryParameters.longOrNull("after", after, 0);
        }
        long begin = from == null ? space.sequence() : from;
        return new ChangeEvents(space, begin, access.reading(name), access.ended(name), sse)
                .stream(settings.changes().heartbeat());
    }
}
