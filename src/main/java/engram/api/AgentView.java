package engram.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.agent.AgentSettingsJson;
import engram.agent.NormalizerReportJson;
import engram.training.AgentDefinition;
import engram.training.AgentDefinitionJson;
import engram.training.LiveAgent;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An agent. */
@Schema(name = "Agent", description = "An agent that acts and learns")
record AgentView(
        @Schema(required = true, description = "Its id") String id,

        @Schema(
                required = true,
                enumeration = {"dqn", "sac", "reinforce"},
                description = "How it learns")
        String algorithm,

        @Schema(
                required = true,
                nullable = true,
                description = "The space whose experiences it learns from too; null without")
        @Nullable
        String space,

        @Schema(required = true, nullable = true, description = "The environment it was made for; null without")
        @Nullable
        String environment,

        @Schema(required = true, implementation = Object.class, type = SchemaType.OBJECT, description = OBSERVATION)
        ObjectNode observation,

        @Schema(required = true, implementation = Object.class, type = SchemaType.OBJECT, description = ACTIONS)
        ObjectNode actions,

        @Schema(required = true, description = "Of all its chance")
        long seed,

        @Schema(required = true, implementation = Object.class, type = SchemaType.OBJECT, description = SETTINGS)
        ObjectNode settings,

        @Schema(required = true, minimum = "0", description = "How many steps it has learned from")
        long steps,

        @Schema(
                required = true,
                nullable = true,
                implementation = Object.class,
                type = SchemaType.OBJECT,
                description = NORMALIZER)
        @Nullable
        ObjectNode normalizer,

        @Schema(required = true, description = "Whether it is being trained")
        boolean training,

        @Schema(required = true, description = "Whether its training is paused")
        boolean paused,

        @Schema(required = true, format = "date-time", description = "When it was made")
        String created) {
    static final String OBSERVATION = "What it sees: {\"low\":[…],\"high\":[…]}, null where a number has no bound";
    static final String ACTIONS =
            "What it may do: {\"count\":n} for discrete actions, {\"low\":[…],\"high\":[…]} for continuous ones";
    static final String SETTINGS =
            "How it learns (docs/agents.md); what is left out is as is known to solve the environment, or a default";

    private static final String NORMALIZER = "How its state normaliser does: trained, version, trainingError,"
            + " heldOutError, recentError, misfits; null without one, and before it has learned since the service began";

    static AgentView of(LiveAgent agent) {
        AgentDefinition definition = agent.definition();
        return new AgentView(
                definition.id(),
                definition.settings().algorithm().jsonName(),
                definition.space().orElse(null),
                definition.environment().orElse(null),
                AgentDefinitionJson.observation(definition.observations()),
                AgentDefinitionJson.actions(definition.actions()),
                definition.seed(),
                AgentSettingsJson.write(definition.settings()),
                agent.steps(),
                agent.normalizer().map(NormalizerReportJson::write).orElse(null),
                agent.isTraining(),
                agent.pause().held(),
                definition.created().toString());
    }
}
