package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import engram.memory.Memory;
import engram.replay.ExperienceJson;
import engram.replay.SpaceSamples.Drawn;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Experiences as columns of one length. */
@Schema(name = "Sample", description = "Experiences as columns of one length; row i of each is one experience")
record SampleAnswer(
        @Schema(required = true, description = "The memories' ids")
        List<String> ids,

        @Schema(required = true, implementation = Double[][].class, description = "What the agents saw")
        List<JsonNode> observations,

        @Schema(required = true, implementation = Object[].class, description = "What they did, as it was sent")
        List<JsonNode> actions,

        @Schema(required = true, implementation = Double[].class, description = "What they got")
        List<JsonNode> rewards,

        @Schema(required = true, implementation = Double[][].class, description = "What they saw then")
        List<JsonNode> nextObservations,

        @Schema(required = true, implementation = Boolean[].class, description = "Whether an episode ended by itself")
        List<JsonNode> terminated,

        @Schema(required = true, implementation = Boolean[].class, description = "Whether it was cut from outside")
        List<JsonNode> truncated,

        @Schema(
                required = true,
                implementation = Integer[].class,
                description = "Over how many steps rewards were folded")
        List<JsonNode> steps,

        @Schema(
                required = true,
                description = "Importance weights in (0,1], the largest 1; all 1 where not drawn by priority")
        List<Float> weights) {
    static SampleAnswer of(List<Drawn> drawn) {
        return new SampleAnswer(
                drawn.stream().map(one -> one.memory().id()).toList(),
                column(drawn, "observation", null),
                column(drawn, "action", null),
                column(drawn, "reward", null),
                column(drawn, "nextObservation", null),
                column(drawn, "terminated", BooleanNode.FALSE),
                column(drawn, "truncated", BooleanNode.FALSE),
                column(drawn, "steps", IntNode.valueOf(1)),
                drawn.stream().map(Drawn::weight).toList());
    }

    private static List<JsonNode> column(
            List<Drawn> drawn, String member, @org.jspecify.annotations.Nullable JsonNode otherwise) {
        return drawn.stream()
                .map(one -> {
                    JsonNode value = experience(one.memory()).path(member);
                    return otherwise != null && (value.isMissingNode() || value.isNull()) ? otherwise : value;
                })
                .toList();
    }

    private static JsonNode experience(Memory memory) {
        return memory.payload().tree().path(ExperienceJson.MEMBER);
    }
}
