package engram.api;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A memory in the OpenAPI document; {@link MemoryView} writes it. */
@Schema(name = "Memory", description = "A memory. Its payload's members stand as they were sent")
record MemoryDocument(
        @Schema(required = true, description = "Unique in the space", examples = "forager-1-17")
        String id,

        @Schema(required = true, description = "Whose memory it is", examples = "forager-1")
        String agent,

        @Schema(
                required = true,
                enumeration = {"state", "action", "interaction", "experience", "text"},
                description = "What it is about",
                examples = "state")
        String kind,

        @Schema(required = true, nullable = true, minimum = "0", description = "The agent's step", examples = "17")
        @Nullable
        Long step,

        @Schema(
                required = true,
                format = "date-time",
                description = "When it happened",
                examples = "2026-11-20T12:00:00Z")
        String time,

        @Schema(
                required = true,
                enumeration = {"STM", "IM", "LTM"},
                description = "Where it is kept now",
                examples = "STM")
        String tier,

        @Schema(
                implementation = Object.class,
                description = "What the agent saw or was; in a memory that is reconstructed only its declared features")
        @Nullable
        Object state,

        @Schema(implementation = Object.class, description = "What the agent did") @Nullable
        Object action,

        @Schema(implementation = Object.class, description = "What the agent had to do with another one") @Nullable
        Object interaction,

        @Schema(implementation = Object.class, description = "A transition") @Nullable
        Object experience,

        @Schema(description = "A text", examples = "The well ran dry at noon.") @Nullable
        String text,

        @Schema(implementation = Object.class, description = "What surrounded an action") @Nullable
        Object context,

        @Schema(implementation = Object.class, description = "What came of an action") @Nullable
        Object outcome,

        @Schema(required = true, nullable = true, description = "The reward that came with it", examples = "0.24")
        @Nullable
        Double reward,

        @Schema(required = true, implementation = Tags.class, description = "Texts, numbers and booleans by name")
        Object tags,

        @Schema(required = true, description = "Whether it keeps everything and is never merged or forgotten")
        boolean pinned,

        @Schema(
                required = true,
                nullable = true,
                minimum = "0",
                maximum = "1",
                description = "A set importance; null where it follows from reward, age, recalls and surprise")
        @Nullable
        Double importance,

        @Schema(
                required = true,
                minimum = "0",
                maximum = "1",
                description = "How surprising it was when it was written: the percentile of its reconstruction error"
                        + " among recent ones")
        double surprise,

        @Schema(required = true, minimum = "0", description = "How often a recall returned it")
        long recalls,

        @Schema(required = true, nullable = true, format = "date-time", description = "When a recall last returned it")
        @Nullable
        String lastRecalled,

        @Schema(
                required = true,
                minimum = "1",
                description = "How many memories it stands for: 1, or more after a merge")
        long count,

        @Schema(required = true, description = "The ids it was merged from; empty for an original")
        List<String> derivedFrom,

        @Schema(
                required = true,
                description = "Whether its payload has lost something, so that its state must be rebuilt from its"
                        + " vector")
        boolean reconstructed,

        @Schema(required = true, format = "date-time", description = "When it was stored")
        String created,

        @Schema(required = true, minimum = "1", description = "Counts its changes; the ETag")
        long revision) {}
