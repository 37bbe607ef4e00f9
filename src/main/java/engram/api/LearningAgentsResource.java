package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import engram.agent.AgentSettings;
import engram.agent.AgentSettingsJson;
import engram.agent.Agents;
import engram.agent.LearningStep;
import engram.environment.ActionSpace;
import engram.environment.EnvironmentSpec;
import engram.environment.ObservationSpace;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.memory.space.Query;
import engram.memory.space.Recall;
import engram.memory.space.Spaces;
import engram.service.ServiceSettings;
import engram.service.agents.Acted;
import engram.service.agents.AgentService;
import engram.service.environments.OfferedEnvironments;
import engram.training.AgentDefinition;
import engram.training.AgentDefinitionJson;
import engram.training.LiveAgent;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
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

/** Agents that act and learn. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Agents", description = "Agents that act, learn online and are trained")
class LearningAgentsResource {
    private static final String LIST = "learning agents";
    private static final String AGENT = "The id of the agent";
    private static final int DEFAULT_EPISODES = 10;

    private final AgentService agents;
    private final OfferedEnvironments environments;
    private final Spaces spaces;
    private final RequestAccess access;
    private final ServiceSettings.Limits limits;
    private final Clock clock;

    LearningAgentsResource(
            AgentService agents,
            OfferedEnvironments environments,
            Spaces spaces,
            RequestAccess access,
            ServiceSettings settings,
            Clock clock) {
        this.agents = agents;
        this.environments = environments;
        this.spaces = spaces;
        this.access = access;
        this.limits = settings.limits();
        this.clock = clock;
    }

    @POST
    @Path("agents")
    @Operation(operationId = "createAgent", summary = "Make an agent that has learned nothing yet")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = AgentRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The agent",
            content = @Content(schema = @Schema(implementation = AgentView.class)),
            headers =
                    @Header(
                            name = "Location",
                            description = "The path of the agent",
                            schema = @Schema(implementation = String.class)))
    public Response create(@Nullable AgentRequest body) {
        if (body == null) {
            throw new InvalidInput("", "an agent needs an environment, or observation and actions");
        }
        AgentDefinition definition = definition(body);
        if (definition.space().isEmpty()) {
            access.caller().requireAdministrator();
        } else {
            AccessFilter.requireToTeach(access.caller(), definition.space().get(), definition.id());
            spaces.open(definition.space().get());
        }
        LiveAgent agent = agents.library().create(definition);
        access.target("agents/" + agent.definition().id());
        return Response.status(Response.Status.CREATED)
                .header(HttpHeaders.LOCATION, "/v1/agents/" + agent.definition().id())
                .entity(AgentView.of(agent))
                .build();
    }

    private AgentDefinition definition(AgentRequest body) {
        ObservationSpace observations;
        ActionSpace actions;
        if (body.environment() != null) {
            if (body.observation() != null || body.actions() != null) {
                throw new InvalidInput("environment", "says what observations and actions are; leave those out");
            }
            EnvironmentSpec spec = spec(body.environment());
            observations = spec.observations();
            actions = spec.actions();
        } else if (body.observation() != null && body.actions() != null) {
            observations = under("observation", AgentDefinitionJson::observation, body.observation());
            actions = under("actions", AgentDefinitionJson::actions, body.actions());
        } else {
            throw new InvalidInput("environment", "is needed, or observation and actions");
        }
        AgentSettings.Algorithm algorithm =
                body.algorithm() == null ? Agents.suitedTo(actions) : AgentSettings.Algorithm.parse(body.algorithm());
        AgentSettings defaults = Optional.ofNullable(body.environment())
                .map(environments::task)
                .flatMap(Agents::tunedFor)
                .filter(tuned -> tuned.algorithm() == algorithm)
                .orElseGet(() -> AgentSettings.defaults(algorithm));
        Agents.requireSuited(algorithm, actions);
        AgentSettings settings = body.settings() == null
                ? defaults
                : under("settings", json -> AgentSettingsJson.read(json, defaults), body.settings());
        return new AgentDefinition(
                body.id() == null ? UUID.randomUUID().toString() : body.id(),
                settings,
                Optional.ofNullable(body.space()),
                Optional.ofNullable(body.environment()),
                observations,
                actions,
                body.seed() == null ? 0 : body.seed(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private EnvironmentSpec spec(String environment) {
        try {
            return environments.spec(environment);
        } catch (NotFound e) {
            throw new InvalidInput("environment", String.valueOf(e.getMessage()));
        }
    }

    private static <T> T under(String field, Function<JsonNode, T> reading, JsonNode json) {
        try {
            return reading.apply(json);
        } catch (InvalidInput e) {
            throw e.under(field);
        }
    }

    @GET
    @Path("agents")
    @Operation(operationId = "listLearningAgents", summary = "The agents that may be known, by id")
    public LearningAgentList list(
            @Parameter(description = Parameters.LIMIT, schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(description = Parameters.CURSOR) @QueryParam("cursor") @Nullable String cursor) {
        int most = QueryParameters.integer(
                "limit", limit, Math.min(Parameters.DEFAULT_LIMIT, limits.pageSize()), 1, limits.pageSize());
        String after = Cursors.name(cursor, LIST);
        List<LiveAgent> page = agents.library().ids().stream()
                .filter(id -> after == null || id.compareTo(after) > 0)
                .map(agents.library()::get)
                .filter(agent -> AccessFilter.mayRead(access.caller(), agent.definition()))
                .limit(most + 1L)
                .toList();
        boolean more = page.size() > most;
        return new LearningAgentList(
                page.stream().limit(most).map(AgentView::of).toList(),
                more ? Cursors.ofName(page.get(most - 1).definition().id(), LIST) : null);
    }

    @GET
    @Path("agents/{agent}")
    @Operation(operationId = "getAgent", summary = "An agent")
    public AgentView get(@Parameter(description = AGENT) @PathParam("agent") String id) {
        return AgentView.of(agents.library().get(id));
    }

    @DELETE
    @Path("agents/{agent}")
    @Operation(operationId = "deleteAgent", summary = "Delete an agent with all it has learned")
    @APIResponse(responseCode = "204", description = "It is gone")
    public void delete(@Parameter(description = AGENT) @PathParam("agent") String id) {
        agents.library().delete(id);
    }

    @POST
    @Path("agents/{agent}/act")
    @Operation(
            operationId = "act",
            summary = "Let an agent choose",
            description = "From the policy it has now, also while it is being trained.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = ActRequest.class)))
    public ActAnswer act(@Parameter(description = AGENT) @PathParam("agent") String id, @Nullable ActRequest body) {
        LiveAgent agent = agents.library().get(id);
        if (body == null) {
            throw new InvalidInput("observation", "is needed");
        }
        Findings findings = new Findings();
        List<float[]> rows = body.rows(limits.batchSize(), findings);
        List<boolean[]> masks = body.masks(agent.definition().actions(), rows.size(), findings);
        List<float[]> carried = body.states(rows.size(), findings);
        if (body.moments() > 0 && agent.definition().space().isEmpty()) {
            findings.add("evidence", "needs an agent with a space");
        }
        findings.throwIfAny();
        Acted acted = agents.act(agent, rows, masks, carried, body.exploring());
        List<RecallAnswer.Match> evidence = body.moments() == 0
                ? null
                : evidence(agent.definition().space().orElseThrow(), rows.getFirst(), body.moments());
        return ActAnswer.of(acted, agent.definition().actions(), body, evidence);
    }

    private List<RecallAnswer.Match> evidence(String space, float[] observation, int moments) {
        ArrayNode state = JsonNodeFactory.instance.arrayNode();
        for (float number : observation) {
            state.add(number);
        }
        return RecallAnswer.of(spaces.open(space).recall(Recall.of(new Query.OfState(state), moments)), false)
                .matches();
    }

    @POST
    @Path("agents/{agent}/observe")
    @Operation(
            operationId = "observe",
            summary = "Teach an agent what it lived through",
            description = "The transitions go into its replay table in this order, and it learns when its settings say"
                    + " so. They are on disk when this is answered.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = ObserveRequest.class)))
    public ObserveAnswer observe(
            @Parameter(description = AGENT) @PathParam("agent") String id, @Nullable ObserveRequest body) {
        LiveAgent agent = agents.library().get(id);
        if (body == null) {
            throw new InvalidInput("transitions", "are needed");
        }
        LearningStep learned = agent.observe(body.experiences(agent.definition(), limits.batchSize()));
        return new ObserveAnswer(
                body.transitions() == null ? 0 : body.transitions().size(),
                agent.steps(),
                learned == null ? null : learned.figures().get("loss"));
    }

    @POST
    @Path("agents/{agent}/evaluations")
    @Operation(operationId = "evaluateAgent", summary = "Let an agent act without exploring, and say what it earned")
    public EvaluationAnswer evaluate(
            @Parameter(description = AGENT) @PathParam("agent") String id, @Nullable EvaluationRequest body) {
        LiveAgent agent = agents.library().get(id);
        EvaluationRequest asked = body == null ? new EvaluationRequest(null, null, null) : body;
        int episodes = asked.episodes() == null ? DEFAULT_EPISODES : asked.episodes();
        if (episodes < 1 || episodes > limits.batchSize()) {
            throw new InvalidInput("episodes", "must be 1 to " + limits.batchSize());
        }
        return EvaluationAnswer.of(
                agents.evaluate(agent, asked.environment(), episodes, asked.seed() == null ? 0 : asked.seed()));
    }

    /** A page of agents. */
    @Schema(name = "LearningAgentList", description = "A page of agents that act and learn")
    record LearningAgentList(
            @Schema(required = true, description = "The agents, by id")
            List<AgentView> items,

            @Schema(
                    required = true,
                    nullable = true,
                    description = "The cursor of the next page; null after the last one")
            @Nullable
            String nextCursor) {}

    /** What came of transitions. */
    @Schema(name = "ObserveAnswer", description = "What came of transitions")
    record ObserveAnswer(
            @Schema(required = true, description = "How many were taken in")
            int accepted,

            @Schema(required = true, description = "How many steps the agent has learned from in all")
            long steps,

            @Schema(
                    required = true,
                    nullable = true,
                    description = "The loss of its last step of learning; null if it did not learn")
            @Nullable
            Double loss) {}

    /** An evaluation that is asked for. */
    @Schema(
            name = "EvaluationRequest",
            description = "An evaluation that is asked for",
            additionalProperties = Schema.False.class)
    record EvaluationRequest(
            @Schema(description = "The environment; the agent's own by default") @Nullable
            String environment,

            @Schema(description = "How many episodes; 10 by default", minimum = "1") @Nullable
            Integer episodes,

            @Schema(description = "Of the first episode; each later one has the next number; 0 by default") @Nullable
            Long seed) {}
}
