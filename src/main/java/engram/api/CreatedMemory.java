package engram.api;

import engram.memory.space.Remembered;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A memory that was stored. */
@Schema(name = "CreatedMemory", description = "A memory that was stored")
record CreatedMemory(
        @Schema(required = true, description = "Its id", examples = "0199e9a2-7c1f-7d3b-9a55-3f1c0f6a7b21")
        String id,

        @Schema(
                required = true,
                enumeration = {"STM", "IM", "LTM"},
                description = "The tier it is in",
                examples = "STM")
        String tier,

        @Schema(required = true, minimum = "1", description = "Its revision")
        long revision,

        @Schema(required = true, description = "What of its state found no place of its own among the features")
        List<RemarkView> remarks) {
    static CreatedMemory of(Remembered.Stored stored) {
        return new CreatedMemory(stored.id(), stored.tier().name(), stored.revision(), RemarkView.of(stored.remarks()));
    }
}
