package engram.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import engram.agent.Decision;
import engram.environment.ActionSpace;
import engram.service.agents.Acted;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What an agent does. */
@Schema(name = "ActAnswer", description = "What an agent does")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ActAnswer(
        @Schema(
                implementation = Object.class,
                description = "The index of a discrete action or the numbers of a continuous one, for one observation")
        @Nullable
        JsonNode action,

        @Schema(implementation = Object.class, description = "The same for each of several observations") @Nullable
        JsonNode actions,

        @Schema(
                description =
                        "What each discrete action is thought to be worth, for each observation; where it was asked for")
        @Nullable
        List<float[]> values,

        @Schema(description = "For each observation what to hand in with the next one; where the request had it too")
        @Nullable
        List<float[]> carried,

        @Schema(description = "The nearest remembered moments, where they were asked for") @Nullable
        List<RecallAnswer.Match> evidence,

        @Schema(
                required = true,
                description = "Whether what it has learned could not be used, and the actions were drawn at random")
        boolean fallback) {
    static ActAnswer of(
            Acted acted, ActionSpace space, ActRequest request, @Nullable List<RecallAnswer.Match> evidence) {
        ArrayNode actions = JsonNodeFactory.instance.arrayNode();
        for (Decision decision : acted.decisions()) {
            actions.add(json(decision, space));
        }
        List<float[]> values = Boolean.TRUE.equals(request.values())
                ? acted.decisions().stream().map(Decision::values).toList()
                : null;
        return new ActAnswer(
                request.single() ? actions.get(0) : null,
                request.single() ? null : actions,
                values,
                request.carried() == null ? null : acted.carried(),
                evidence,
                acted.fallback());
    }

    private static JsonNode json(Decision decision, ActionSpace space) {
        return switch (space) {
            case ActionSpace.Discrete _ -> JsonNodeFactory.instance.numberNode(decision.index());
            case ActionSpace.Box _ -> {
                ArrayNode numbers = JsonNodeFactory.instance.arrayNode();
                for (float number : decision.action()) {
                    numbers.add(number);
                }
                yield numbers;
            }
        };
    }
}
