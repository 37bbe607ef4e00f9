package engram.api;

import engram.memory.ChangeEvent;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The data of an event of the change feed. */
@Schema(name = "Change", description = "The data of an event of the change feed")
record ChangeView(
        @Schema(required = true, minimum = "1", description = "The number of the change; the id of the event")
        long sequence,

        @Schema(
                required = true,
                enumeration = {"new", "edited", "demoted", "merged", "forgotten", "deleted"},
                description = "What happened; the type of the event")
        String type,

        @Schema(required = true, description = "The memory") String id,
        @Schema(required = true, description = "Its agent") String agent,

        @Schema(
                required = true,
                enumeration = {"STM", "IM", "LTM"},
                description = "The tier it is in now, or was in when it left")
        String tier,

        @Schema(required = true, format = "date-time", description = "When it happened")
        String time) {
    static ChangeView of(ChangeEvent change) {
        return new ChangeView(
                change.sequence(),
                change.type().jsonName(),
                change.id(),
                change.agent(),
                change.tier().name(),
                change.time().toString());
    }
}
