package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.InvalidInput;
import engram.error.NotAllowed;
import engram.error.TooLarge;
import engram.memory.IdempotencyKey;
import engram.memory.Memory;
import engram.memory.space.MemoryWrites;
import engram.memory.space.Query;
import engram.memory.space.Space;
import engram.memory.space.Spaces;
import engram.replay.SharedPriority;
import engram.replay.SpaceSample;
import engram.replay.SpaceSamples;
import engram.service.Observations;
import engram.service.ServiceSettings;
import engram.service.access.AgentScope;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Transitions of a space: storing them, drawing from them, and saying how much was learned. */
@Path("/v1/spaces/{space}/experiences")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Experiences", description = "Replay: transitions to learn from")
class ExperiencesResource {
    private final Spaces spaces;
    private final MemoryWrites writes;
    private final SpaceSamples samples;
    private final Filters filters;
    private final IdempotencyKeys keys;
    private final Observations observations;
    private final RequestAccess access;
    private final ServiceSettings.Limits limits;

    ExperiencesResource(
            Spaces spaces,
            MemoryWrites writes,
            SpaceSamples samples,
            Filters filters,
            IdempotencyKeys keys,
            Observations observations,
            RequestAccess access,
            ServiceSettings settings) {
        this.spaces = spaces;
        this.writes = writes;
        this.samples = samples;
        this.filters = filters;
        this.keys = keys;
        this.observations = observations;
        this.access = access;
        this.limits = settings.limits();
    }

    @POST
    @Operation(
            operationId = "createExperiences",
            summary = "Store transitions",
            description =
                    "Each becomes a memory of kind experience, or is reported for itself. Where memories live in a"
                            + " store that is away, the answer is 202 and those that are kept until it is back are under spooled.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = ExperiencesRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "What became of each",
            content = @Content(schema = @Schema(implementation = BatchAnswer.class)))
    @APIResponse(
            responseCode = "202",
            description = "The store is away; those under spooled are kept and will be stored",
            content = @Content(schema = @Schema(implementation = BatchAnswer.class)))
    public Response create(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Parameter(description = Parameters.IDEMPOTENCY_KEY, schema = @Schema(minLength = 1, maxLength = 128))
                    @HeaderParam(IdempotencyKeys.HEADER)
                    @Nullable
                    String key,
            @Nullable ExperiencesRequest body) {
        writes.require(name);
        List<JsonNode> experiences = body == null ? null : body.experiences();
        if (experiences == null) {
            throw new InvalidInput("experiences", "holds the transitions to store and must be there");
        }
        requireSize("experiences", experiences.size());
        Batch batch = new Batch(
                "experiences", experiences, json -> ExperienceReader.read(json, limits), access.writing(name));
        Optional<IdempotencyKey> once = keys.of(key, "experiences", experiences);
        BatchAnswer answer = observations.remember(name, experiences.size(), () -> batch.store(name, writes, once));
        return Response.status(answer.spooled().isEmpty() ? Response.Status.OK : Response.Status.ACCEPTED)
                .entity(answer)
                .build();
    }

    @POST
    @Path("sample")
    @Operation(
            operationId = "sampleExperiences",
            summary = "Draw transitions to learn from",
            description =
                    "Only whole transitions are drawn: those whose payload has been given up in long-term memory are"
                            + " not. Columns are empty where there are none.")
    public SampleAnswer sample(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name, @Nullable SampleRequest body) {
        Space space = spaces.open(name);
        SpaceSample sample = SampleReader.read(name, body, limits, filters);
        if (sample.like() instanceof Query.LikeMemory like) {
            access.requireReadable(space, like.id());
        }
        try {
            return SampleAnswer.of(samples.sample(space, sample));
        } catch (InvalidInput e) {
            throw sample.like() instanceof Query.OfState ? Batch.renamed(e, "like") : e;
        }
    }

    @POST
    @Path("priorities")
    @Operation(
            operationId = "setPriorities",
            summary = "Say how much can be learned from transitions",
            description =
                    "The priority is kept as the memory's importance, priority/(1+priority), so that consolidation"
                            + " keeps longest what can be learned from.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = PrioritiesRequest.class)))
    public PrioritiesAnswer prioritize(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Nullable PrioritiesRequest body) {
        Space space = spaces.open(name);
        Map<String, Double> importances = importances(body);
        List<String> asked = List.copyOf(importances.keySet());
        requireWritable(space, importances.keySet());
        Set<String> found = importances.isEmpty() ? Set.of() : space.many().setImportances(importances);
        List<String> missing = asked.stream().filter(id -> !found.contains(id)).toList();
        return new PrioritiesAnswer(found.size(), missing);
    }

    private Map<String, Double> importances(@Nullable PrioritiesRequest body) {
        Findings findings = new Findings();
        List<@Nullable String> ids = body == null ? null : body.ids();
        List<@Nullable Double> priorities = body == null ? null : body.priorities();
        if (ids == null) {
            throw new InvalidInput("ids", "names the experiences and must be there");
        }
        requireSize("ids", ids.size());
        if (priorities == null || priorities.size() != ids.size()) {
            throw new InvalidInput("priorities", "holds one number for each of the " + ids.size() + " ids");
        }
        Map<String, Double> importances = new LinkedHashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            Double priority = priorities.get(i);
            if (id == null) {
                findings.add("ids[" + i + "]", "must be an id");
            } else if (priority == null || !(priority >= 0 && priority <= Float.MAX_VALUE)) {
                findings.add("priorities[" + i + "]", "must be a finite number of at least 0");
            } else {
                importances.put(id, SharedPriority.toImportance(priority));
            }
        }
        findings.throwIfAny();
        return importances;
    }

    /** Refuses what may be read only; takes out what may not even be known. */
    private void requireWritable(Space space, Set<String> ids) {
        AgentScope writing = access.writing(space.name());
        if (writing.everyone() || ids.isEmpty()) {
            return;
        }
        AgentScope reading = access.reading(space.name());
        for (Memory memory : space.many().get(List.copyOf(ids)).values()) {
            if (!writing.includes(memory.agent())) {
                if (reading.includes(memory.agent())) {
                    throw new NotAllowed("ids", "this key may not change memory '" + memory.id() + "'");
                }
                ids.remove(memory.id());
            }
        }
    }

    private void requireSize(String field, int size) {
        if (size > limits.batchSize()) {
            throw new TooLarge(
                    field, "a batch holds at most " + limits.batchSize() + " (engram.limits.batch-size), not " + size);
        }
    }
}
