package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.memory.space.Snapshot;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The states of an agent at several steps. */
@Schema(name = "SnapshotList", description = "The states of an agent at several steps")
record SnapshotList(
        @Schema(required = true, description = "One for each step that has a state")
        List<Item> items) {
    /** What an agent's state was at a step. */
    @Schema(name = "Snapshot", description = "What an agent's state was at a step")
    record Item(
            @Schema(required = true, minimum = "0", description = "The step asked for")
            long step,

            @Schema(required = true, description = "The memory that tells")
            String id,

            @Schema(required = true, format = "date-time", description = "When it was")
            String time,

            @Schema(required = true, implementation = Object.class, description = "The state")
            JsonNode state,

            @Schema(required = true, description = "Whether it was rebuilt rather than kept")
            boolean reconstructed) {
        static Item of(Snapshot snapshot) {
            return new Item(
                    snapshot.step(),
                    snapshot.id(),
                    snapshot.time().toString(),
                    snapshot.state(),
                    snapshot.reconstructed());
        }
    }
}
