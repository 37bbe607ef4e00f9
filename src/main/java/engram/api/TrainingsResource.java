package engram.api;

import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.run.Run;
import engram.service.agents.AgentService;
import engram.service.agents.TrainingOrder;
import engram.training.LiveAgent;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
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

/** Trainings of agents. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Agents")
class TrainingsResource {
    private static final int DEFAULT_EPISODES = 10;
    private static final String AGENT = "The id of the agent";

    private final AgentService agents;

    TrainingsResource(AgentService agents) {
        this.agents = agents;
    }

    @POST
    @Path("agents/{agent}/trainings")
    @Operation(
            operationId = "trainAgent",
            summary = "Train an agent",
            description =
                    "The run reports steps, returns, losses and where the time goes. Cancelled, killed or failed, it is"
                            + " taken up again with {\"resume\":true}, from the newest checkpoint, as if nothing had happened.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = TrainingRequest.class)))
    @APIResponse(
            responseCode = "202",
            description = "The run",
            content = @Content(schema = @Schema(implementation = RunView.class)),
            headers =
                    @Header(
                            name = "Location",
                            description = "The path of the run",
                            schema = @Schema(implementation = String.class)))
    public Response train(
            @Parameter(description = AGENT) @PathParam("agent") String id, @Nullable TrainingRequest body) {
        if (body == null) {
            throw new InvalidInput("steps", "must be 1 or more");
        }
        Run run = agents.train(agents.library().get(id), body.order());
        return Response.accepted(RunView.of(run))
                .header(HttpHeaders.LOCATION, Locations.run(run.id()))
                .build();
    }

    @PUT
    @Path("agents/{agent}/pause")
    @Operation(operationId = "pauseTraining", summary = "Hold the training of an agent at its next step")
    @APIResponse(responseCode = "204", description = "It holds, or will as soon as there is one")
    public void pause(@Parameter(description = AGENT) @PathParam("agent") String id) {
        LiveAgent agent = agents.library().get(id);
        if (!agent.isTraining()) {
            throw new Conflict("agent", "the agent is not being trained");
        }
        agent.pause().hold();
    }

    @DELETE
    @Path("agents/{agent}/pause")
    @Operation(operationId = "continueTraining", summary = "Let the training of an agent go on")
    @APIResponse(responseCode = "204", description = "It goes on")
    public void proceed(@Parameter(description = AGENT) @PathParam("agent") String id) {
        agents.library().get(id).pause().release();
    }

    /** A training that is asked for. */
    @Schema(
            name = "TrainingRequest",
            description = "A training that is asked for",
            additionalProperties = Schema.False.class)
    record TrainingRequest(
            @Schema(description = "The environment; the agent's own by default") @Nullable
            String environment,

            @Schema(description = "How many steps more; needed unless one is resumed", minimum = "1") @Nullable
            Long steps,

            @Schema(description = "Of episodes and evaluations; 0 by default") @Nullable
            Long seed,

            @Schema(description = "When it is evaluated, saved and ended early") @Nullable
            Settings settings,

            @Schema(
                    description =
                            "Whether the interrupted training is taken up; steps, seed and settings are as they were then")
            @Nullable
            Boolean resume) {
        TrainingOrder order() {
            boolean resumed = Boolean.TRUE.equals(resume);
            if (resumed && (steps != null || seed != null || settings != null || environment != null)) {
                throw new InvalidInput("resume", "takes up a training as it was; leave the other fields out");
            }
            Settings asked = settings == null ? new Settings(null, null, null, null, null) : settings;
            return new TrainingOrder(
                    environment,
                    steps,
                    seed == null ? 0 : seed,
                    asked.evaluateEvery(),
                    asked.episodes() == null ? DEFAULT_EPISODES : asked.episodes(),
                    asked.saveEvery(),
                    asked.stopAt(),
                    asked.patience() == null ? 0 : asked.patience(),
                    resumed);
        }

        /** When a training is evaluated, saved and ended early. */
        @Schema(
                name = "TrainingSettings",
                description = "When a training is evaluated, saved and ended early",
                additionalProperties = Schema.False.class)
        record Settings(
                @Schema(
                        description = "After how many steps it is evaluated; 0 for never; a tenth by default",
                        minimum = "0")
                @Nullable
                Long evaluateEvery,

                @Schema(description = "How many episodes an evaluation has; 10 by default", minimum = "1") @Nullable
                Integer episodes,

                @Schema(
                        description =
                                "After how many steps a checkpoint is written; 0 for at the end alone; a tenth by default",
                        minimum = "0")
                @Nullable
                Long saveEvery,

                @Schema(description = "The mean return of an evaluation at which training ends") @Nullable
                Double stopAt,

                @Schema(
                        description = "After how many evaluations without a better one training ends; 0 for never",
                        minimum = "0")
                @Nullable
                Integer patience) {}
    }
}
