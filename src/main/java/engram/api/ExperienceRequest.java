package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A transition as a client sends it; {@link ExperienceReader} reads it. */
@Schema(
        name = "NewExperience",
        description = "A transition to store: a memory of kind experience",
        additionalProperties = Schema.False.class)
record ExperienceRequest(
        @Schema(nullable = true, minLength = 1, maxLength = 128, description = "The client's own id, as of a memory")
        @Nullable
        String id,

        @Schema(
                required = true,
                minLength = 1,
                maxLength = 128,
                description = "Whose experience it is",
                examples = "cart-1")
        @Nullable
        String agent,

        @Schema(nullable = true, minimum = "0", description = "The agent's step", examples = "17") @Nullable
        Long step,

        @Schema(nullable = true, format = "date-time", description = "When it happened (RFC 3339); now if absent")
        @Nullable
        String time,

        @Schema(
                required = true,
                implementation = Double[].class,
                description = "What the agent saw",
                examples = "[0.1,0,-0.02,0.3]")
        @Nullable
        JsonNode observation,

        @Schema(
                required = true,
                implementation = Object.class,
                description = "What it did: the index of a discrete action, or an array of numbers",
                examples = "1")
        @Nullable
        JsonNode action,

        @Schema(required = true, description = "What it got, over steps steps", examples = "1") @Nullable
        Double reward,

        @Schema(
                required = true,
                implementation = Double[].class,
                description = "What it saw then; at an end the final observation of the episode",
                examples = "[0.1,0.2,-0.01,0]")
        @Nullable
        JsonNode nextObservation,

        @Schema(nullable = true, defaultValue = "false", description = "Whether the episode ended by itself") @Nullable
        Boolean terminated,

        @Schema(nullable = true, defaultValue = "false", description = "Whether the episode was cut from outside")
        @Nullable
        Boolean truncated,

        @Schema(
                nullable = true,
                minimum = "1",
                defaultValue = "1",
                description = "Over how many steps the reward was folded")
        @Nullable
        Integer steps,

        @Schema(nullable = true, description = "Which actions were possible next; all if absent") @Nullable
        List<Boolean> nextActionMask,

        @Schema(nullable = true, minimum = "0", description = "How much can be learned from it; 1 if absent") @Nullable
        Double priority,

        @Schema(implementation = Tags.class, description = "Texts, numbers and booleans by name, for filters") @Nullable
        ObjectNode tags,

        @Schema(nullable = true, description = "Whether it keeps its payload and is never merged or forgotten")
        @Nullable
        Boolean pinned) {
    /** The names of the members. */
    static final List<String> MEMBERS = Arrays.stream(ExperienceRequest.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();
}
