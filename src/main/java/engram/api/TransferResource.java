package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.Filter;
import engram.memory.space.Space;
import engram.memory.space.Spaces;
import engram.memory.transfer.ImportReport;
import engram.run.Progress;
import engram.run.Run;
import engram.run.Runs;
import engram.service.ServiceSettings;
import engram.service.Spool;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Predicate;
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

/** Memories as a stream, out of a space and into it. */
@Path("/v1")
@Tag(name = "Transfer", description = "Memories as a stream, out of a space and into it")
class TransferResource {
    /** The kind of the runs that import. */
    static final String RUN = "import";

    private static final String NDJSON = "application/x-ndjson";

    private final Spaces spaces;
    private final Runs runs;
    private final Filters filters;
    private final Spool spool;
    private final RequestAccess access;
    private final long largestImport;
    private final int longestItem;

    TransferResource(
            Spaces spaces, Runs runs, Filters filters, Spool spool, RequestAccess access, ServiceSettings settings) {
        this.access = access;
        this.spaces = spaces;
        this.runs = runs;
        this.filters = filters;
        this.spool = spool;
        this.largestImport = settings.limits().importSize().asLongValue();
        this.longestItem =
                (int) Math.min(Integer.MAX_VALUE, settings.limits().bodySize().asLongValue());
    }

    @POST
    @Path("spaces/{space}/exports")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(NDJSON)
    @Operation(
            operationId = "exportMemories",
            summary = "The memories of a space as a stream",
            description =
                    "Newline-delimited JSON (docs/api.md): a line for the space, one for each memory, oldest first, and"
                            + " one with a checksum, without which the stream has broken off.")
    @APIResponse(
            responseCode = "200",
            description = "The stream",
            content = @Content(mediaType = NDJSON, schema = @Schema(implementation = String.class)))
    public Response exportAll(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name, @Nullable ExportRequest body) {
        Space space = spaces.open(name);
        Filter filter = filters.read(name, body == null ? null : body.filter());
        boolean withVectors = body != null && body.vectors() != null && body.vectors();
        StreamingOutput stream = out -> space.exportTo(out, filter, withVectors, Progress.unobserved());
        return Response.ok(stream, NDJSON).build();
    }

    @POST
    @Path("spaces/{space}/imports")
    @Consumes({NDJSON, MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM})
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "importMemories",
            summary = "Read memories from a stream",
            description =
                    "An export of this service or the JSON export of AgentMemory; which one is seen from the content."
                            + " Every item is stored or reported for itself, and one whose id is there already is left as it is, so an"
                            + " import that broke off can be repeated.")
    @RequestBody(
            required = true,
            content = {
                @Content(mediaType = NDJSON, schema = @Schema(type = SchemaType.STRING)),
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT)),
                @Content(
                        mediaType = MediaType.APPLICATION_OCTET_STREAM,
                        schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    @APIResponse(
            responseCode = "200",
            description = "The report, with wait=true",
            content = @Content(schema = @Schema(implementation = ImportDocument.class)))
    @APIResponse(
            responseCode = "202",
            description = "The run, whose result is the report",
            content = @Content(schema = @Schema(implementation = RunView.class)),
            headers =
                    @Header(
                            name = "Location",
                            description = "The path of the run",
                            schema = @Schema(implementation = String.class)))
    public Response importAll(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Parameter(
                            description =
                                    "true to answer with the report when the import is done, instead of with a run",
                            schema = @Schema(type = SchemaType.BOOLEAN))
                    @QueryParam("wait")
                    @Nullable
                    String wait,
            InputStream body)
            throws IOException {
        Space space = spaces.open(name);
        Predicate<String> writable = access.writing(name)::includes;
        boolean now = QueryParameters.truth("wait", wait);
        InputStream limited = new LimitedInputStream(body, largestImport, "engram.limits.import-size");
        if (now) {
            ImportReport report = space.importFrom(limited, longestItem, writable, Progress.unobserved());
            return Response.ok(report.toJson(), MediaType.APPLICATION_JSON).build();
        }
        Spool.Kept kept = spool.keep(limited);
        Run run = submit(space, kept, writable);
        return Response.accepted(RunView.of(run))
                .header(HttpHeaders.LOCATION, Locations.run(run.id()))
                .build();
    }

    private Run submit(Space space, Spool.Kept kept, Predicate<String> writable) {
        try {
            return runs.submit(RUN, space.name(), progress -> {
                try (kept) {
                    ObjectNode report = space.importFrom(kept.open(), longestItem, writable, progress)
                            .toJson();
                    return report;
                }
            });
        } catch (RuntimeException e) {
            kept.close();
            throw e;
        }
    }

    /** What to export. */
    @Schema(name = "ExportRequest", description = "What to export", additionalProperties = Schema.False.class)
    record ExportRequest(
            @Schema(implementation = FilterDocument.class, nullable = true, description = "What a memory must satisfy")
            @Nullable
            JsonNode filter,

            @Schema(
                    nullable = true,
                    defaultValue = "false",
                    description = "Whether vectors travel with the memories, so that a space with the same encoder need"
                            + " not compute them")
            @Nullable
            Boolean vectors) {}
}
