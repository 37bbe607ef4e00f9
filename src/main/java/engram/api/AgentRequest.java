package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An agent as a client asks for it. */
@Schema(
        name = "NewAgent",
        description = "An agent: an environment, or observations and actions",
        additionalProperties = Schema.False.class)
record AgentRequest(
        @Schema(description = "Its id; one is made up if left out", pattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
        @Nullable
        String id,

        @Schema(
                description =
                        "dqn for discrete actions, sac for continuous ones, reinforce for both; by default dqn or sac",
                enumeration = {"dqn", "sac", "reinforce"})
        @Nullable
        String algorithm,

        @Schema(description = "The space whose experiences it learns from too") @Nullable
        String space,

        @Schema(description = "The environment it is made for", examples = "CartPole-v1") @Nullable
        String environment,

        @Schema(implementation = Object.class, type = SchemaType.OBJECT, description = AgentView.OBSERVATION) @Nullable
        JsonNode observation,

        @Schema(implementation = Object.class, type = SchemaType.OBJECT, description = AgentView.ACTIONS) @Nullable
        JsonNode actions,

        @Schema(description = "Of all its chance; 0 by default", examples = "42") @Nullable
        Long seed,

        @Schema(implementation = Object.class, type = SchemaType.OBJECT, description = AgentView.SETTINGS) @Nullable
        JsonNode settings) {}
