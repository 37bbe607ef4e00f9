package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A memory as a client sends it; {@link MemoryReader} reads it. */
@Schema(name = "NewMemory", description = "A memory to store", additionalProperties = Schema.False.class)
record MemoryRequest(
        @Schema(
                nullable = true,
                minLength = 1,
                maxLength = 128,
                description = "The client's own id; chosen by the service where it is absent. It must be new in the"
                        + " space, hold no '/' and no control characters, and not be 'batch' or 'query'",
                examples = "forager-1-17")
        @Nullable
        String id,

        @Schema(
                required = true,
                minLength = 1,
                maxLength = 128,
                description = "Whose memory it is",
                examples = "forager-1")
        @Nullable
        String agent,

        @Schema(
                nullable = true,
                enumeration = {"state", "action", "interaction", "experience", "text"},
                description = "What it is about. Where it is absent: text, experience, interaction, state or action,"
                        + " the first of which is a member of the memory",
                examples = "state")
        @Nullable
        String kind,

        @Schema(nullable = true, minimum = "0", description = "The agent's step", examples = "17") @Nullable
        Long step,

        @Schema(
                nullable = true,
                format = "date-time",
                description = "When it happened (RFC 3339); now where it is absent. Kept in milliseconds",
                examples = "2026-11-20T12:00:00Z")
        @Nullable
        String time,

        @Schema(
                implementation = Object.class,
                description = "What the agent saw or was: an object of the space's schema or an array of numbers",
                examples = "{\"health\":80,\"energy\":55,\"x_position\":12.5,\"agent_type\":\"harvester\"}")
        @Nullable
        JsonNode state,

        @Schema(
                implementation = Object.class,
                description = "What the agent did, such as an object with action_type and action_params, or a name",
                examples = "{\"action_type\":\"gather\",\"action_params\":{\"amount\":9}}")
        @Nullable
        JsonNode action,

        @Schema(implementation = Object.class, description = "What the agent had to do with another one") @Nullable
        JsonNode interaction,

        @Schema(
                implementation = Object.class,
                description = "A transition: observation, action, reward, nextObservation, terminated, truncated")
        @Nullable
        JsonNode experience,

        @Schema(nullable = true, description = "A text, embedded as a sentence", examples = "The well ran dry at noon.")
        @Nullable
        String text,

        @Schema(implementation = Object.class, description = "What surrounded an action") @Nullable
        JsonNode context,

        @Schema(implementation = Object.class, description = "What came of an action") @Nullable
        JsonNode outcome,

        @Schema(nullable = true, description = "The reward that came with it", examples = "0.24") @Nullable
        Double reward,

        @Schema(
                implementation = Tags.class,
                description = "Texts, numbers and booleans by name, for filters",
                examples = "{\"episode\":3,\"region\":\"north\"}")
        @Nullable
        ObjectNode tags,

        @Schema(
                nullable = true,
                description = "Whether it keeps everything and is never merged or forgotten; false where it is absent")
        @Nullable
        Boolean pinned,

        @Schema(
                nullable = true,
                minimum = "0",
                maximum = "1",
                description = "A set importance; where it is absent, the importance follows from reward, age, recalls"
                        + " and surprise")
        @Nullable
        Double importance) {
    /** The names of the members. */
    static final List<String> MEMBERS = Arrays.stream(MemoryRequest.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();
}
