package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.TooLarge;
import engram.memory.Criteria;
import engram.memory.Filter;
import engram.memory.FilterPrinter;
import engram.memory.IdempotencyKey;
import engram.memory.Scan;
import engram.memory.space.MemoryWrites;
import engram.memory.space.NewMemory;
import engram.memory.space.Remembered;
import engram.memory.space.Space;
import engram.memory.space.Spaces;
import engram.service.Observations;
import engram.service.ServiceSettings;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
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

/** The memories of a space: writing, listing and clearing. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Memories", description = "Storing, listing and changing memories")
class MemoriesResource {
    private final Spaces spaces;
    private final MemoryWrites writes;
    private final Filters filters;
    private final IdempotencyKeys keys;
    private final Observations observations;
    private final RequestAccess access;
    private final ServiceSettings.Limits limits;

    MemoriesResource(
            Spaces spaces,
            MemoryWrites writes,
            Filters filters,
            IdempotencyKeys keys,
            Observations observations,
            RequestAccess access,
            ServiceSettings settings) {
        this.access = access;
        this.observations = observations;
        this.writes = writes;
        this.spaces = spaces;
        this.filters = filters;
        this.keys = keys;
        this.limits = settings.limits();
    }

    @POST
    @Path("spaces/{space}/memories")
    @Operation(
            operationId = "createMemory",
            summary = "Store one memory",
            description =
                    "When the answer is 201, the memory is durable and every later recall finds it. Where memories"
                            + " live in a store that is away, the answer is 202: the memory is kept on this machine and stored"
                            + " when the store is back.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = MemoryRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The memory is stored",
            content = @Content(schema = @Schema(implementation = CreatedMemory.class)),
            headers = {
                @Header(name = "ETag", description = Parameters.ETAG, schema = @Schema(implementation = String.class)),
                @Header(
                        name = "Location",
                        description = "The path of the memory",
                        schema = @Schema(implementation = String.class))
            })
    @APIResponse(
            responseCode = "202",
            description = "The store is away; the memory is kept and will be stored",
            content = @Content(schema = @Schema(implementation = SpooledMemory.class)),
            headers =
                    @Header(
                            name = "Location",
                            description = "The path that the memory will have",
                            schema = @Schema(implementation = String.class)))
    public Response create(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Parameter(description = Parameters.IDEMPOTENCY_KEY, schema = @Schema(minLength = 1, maxLength = 128))
                    @HeaderParam(IdempotencyKeys.HEADER)
                    @Nullable
                    String key,
            @Nullable JsonNode body) {
        writes.require(name);
        if (body == null) {
            throw new InvalidInput("", "a memory is an object");
        }
        NewMemory memory = MemoryReader.read(body, limits);
        access.writing(name).require(memory.agent());
        Optional<IdempotencyKey> once = keys.of(key, "memories", body);
        Remembered remembered = observations.remember(name, 1, () -> writes.remember(name, List.of(memory), once));
        return switch (remembered.outcomes().getFirst()) {
            case Remembered.Stored stored ->
                Response.status(Response.Status.CREATED)
                        .header(HttpHeaders.LOCATION, Locations.memory(name, stored.id()))
                        .header(HttpHeaders.ETAG, EntityTags.of(stored.revision()))
                        .entity(CreatedMemory.of(stored))
                        .build();
            case Remembered.Deferred deferred ->
                Response.status(Response.Status.ACCEPTED)
                        .header(HttpHeaders.LOCATION, Locations.memory(name, deferred.id()))
                        .entity(SpooledMemory.of(deferred))
                        .build();
            case Remembered.Duplicate duplicate -> throw duplicate(duplicate);
            case Remembered.Rejected rejected -> throw rejected.problem();
        };
    }

    @POST
    @Path("spaces/{space}/memories/batch")
    @Operation(
            operationId = "createMemories",
            summary = "Store many memories",
            description =
                    "Each memory is stored or reported for itself. Those stored are durable when the answer comes. Where"
                            + " memories live in a store that is away, the answer is 202, and those that are kept until"
                            + " it is back are listed under spooled.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = BatchRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "What became of each",
            content = @Content(schema = @Schema(implementation = BatchAnswer.class)))
    @APIResponse(
            responseCode = "202",
            description = "The store is away; the memories under spooled are kept and will be stored",
            content = @Content(schema = @Schema(implementation = BatchAnswer.class)))
    public Response createAll(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Parameter(description = Parameters.IDEMPOTENCY_KEY, schema = @Schema(minLength = 1, maxLength = 128))
                    @HeaderParam(IdempotencyKeys.HEADER)
                    @Nullable
                    String key,
            @Nullable BatchRequest body) {
        writes.require(name);
        List<JsonNode> memories = body == null ? null : body.memories();
        if (memories == null) {
            throw new InvalidInput("memories", "holds the memories to store and must be there");
        }
        if (memories.size() > limits.batchSize()) {
            throw new TooLarge(
                    "memories",
                    "a batch holds at most " + limits.batchSize() + " memories (engram.limits.batch-size), not "
                            + memories.size());
        }
        Batch batch = new Batch(memories, access.writing(name), limits);
        Optional<IdempotencyKey> once = keys.of(key, "batch", memories);
        BatchAnswer answer = observations.remember(name, memories.size(), () -> batch.store(name, writes, once));
        return Response.status(answer.spooled().isEmpty() ? Response.Status.OK : Response.Status.ACCEPTED)
                .entity(answer)
                .build();
    }

    @GET
    @Path("spaces/{space}/memories")
    @Operation(operationId = "listMemories", summary = "Memories by time, newest first")
    public MemoryList list(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Parameter(description = "Only of this agent") @QueryParam("agent") @Nullable String agent,
            @Parameter(
                            description = "Only of this kind",
                            schema = @Schema(enumeration = {"state", "action", "interaction", "experience", "text"}))
                    @QueryParam("kind")
                    @Nullable
                    String kind,
            @Parameter(description = "Only in this tier", schema = @Schema(enumeration = {"STM", "IM", "LTM"}))
                    @QueryParam("tier")
                    @Nullable
                    String tier,
            @Parameter(description = "The earliest time, inclusive", schema = @Schema(format = "date-time"))
                    @QueryParam("from")
                    @Nullable
                    String from,
            @Parameter(description = "The latest time, inclusive", schema = @Schema(format = "date-time"))
                    @QueryParam("to")
                    @Nullable
                    String to,
            @Parameter(description = "The first step, inclusive", schema = @Schema(type = SchemaType.INTEGER))
                    @QueryParam("fromStep")
                    @Nullable
                    String fromStep,
            @Parameter(description = "The last step, inclusive", schema = @Schema(type = SchemaType.INTEGER))
                    @QueryParam("toStep")
                    @Nullable
                    String toStep,
            @Parameter(
                            description = "newest or oldest first; newest where it is absent",
                            schema = @Schema(enumeration = {"newest", "oldest"}))
                    @QueryParam("order")
                    @Nullable
                    String order,
            @Parameter(description = Parameters.LIMIT, schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(description = Parameters.CURSOR) @QueryParam("cursor") @Nullable String cursor) {
        Space space = spaces.open(name);
        Criteria criteria = new Criteria(
                agent,
                kind,
                tier,
                from,
                to,
                QueryParameters.longOrNull("fromStep", fromStep, 0),
                QueryParameters.longOrNull("toStep", toStep, 0));
        Filter filter = filters.read(name, criteria);
        int most = QueryParameters.integer("limit", limit, defaultLimit(), 1, limits.pageSize());
        return page(space, filter, order, most, cursor);
    }

    @POST
    @Path("spaces/{space}/memories/query")
    @Operation(operationId = "queryMemories", summary = "Memories that satisfy a filter, by time")
    public MemoryList query(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name, @Nullable QueryRequest body) {
        Space space = spaces.open(name);
        QueryRequest request = body == null ? QueryRequest.EVERYTHING : body;
        Filter filter = filters.read(name, request.filter());
        int most = request.limit() == null ? defaultLimit() : request.limit();
        if (most < 1 || most > limits.pageSize()) {
            throw new InvalidInput("limit", "is between 1 and " + limits.pageSize() + ", not " + most);
        }
        return page(space, filter, request.order(), most, request.cursor());
    }

    @DELETE
    @Path("spaces/{space}/memories")
    @Operation(
            operationId = "clearMemories",
            summary = "Delete the memories of an agent, or all",
            description = "Needs agent, or all=true to delete everything.")
    public Cleared clear(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Parameter(description = "Only of this agent") @QueryParam("agent") @Nullable String agent,
            @Parameter(
                            description = "true to delete the memories of every agent",
                            schema = @Schema(type = SchemaType.BOOLEAN))
                    @QueryParam("all")
                    @Nullable
                    String all) {
        Space space = spaces.open(name);
        boolean everything = QueryParameters.truth("all", all);
        if (everything == (agent != null)) {
            throw new InvalidInput("agent", "name an agent, or all=true to delete the memories of every agent");
        }
        if (agent != null) {
            access.writing(name).require(agent);
        }
        Criteria criteria = new Criteria(agent, null, null, null, null, null, null);
        return new Cleared(space.clear(filters.write(name, criteria)));
    }

    private MemoryList page(Space space, Filter filter, @Nullable String order, int limit, @Nullable String cursor) {
        boolean newestFirst =
                switch (order) {
                    case null -> true;
                    case "newest" -> true;
                    case "oldest" -> false;
                    default -> throw new InvalidInput("order", "must be 'newest' or 'oldest'");
                };
        String query = "memories " + space.name() + " " + newestFirst + " " + FilterPrinter.print(filter);
        Scan.Page page = space.list(new Scan(filter, newestFirst, Cursors.memoryPosition(cursor, query), limit));
        return new MemoryList(page.memories().stream().map(MemoryView::new).toList(), Cursors.of(page.next(), query));
    }

    private int defaultLimit() {
        return Math.min(Parameters.DEFAULT_LIMIT, limits.pageSize());
    }

    /** What to say of an id that exists. */
    static Conflict duplicate(Remembered.Duplicate duplicate) {
        return new Conflict("id", "there is a memory '" + duplicate.id() + "' already");
    }
}
