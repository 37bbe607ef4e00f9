package engram.api;

import engram.memory.space.Remembered;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A memory that waits for the store. */
@Schema(
        name = "SpooledMemory",
        description = "A memory that is safe on this machine and will be stored when the store, which is away, is back")
record SpooledMemory(
        @Schema(required = true, enumeration = "spooled", description = "What became of it", examples = "spooled")
        String status,

        @Schema(required = true, description = "The id it will have", examples = "0199e9a2-7c1f-7d3b-9a55-3f1c0f6a7b21")
        String id,

        @Schema(required = true, description = "What of its state found no place of its own among the features")
        List<RemarkView> remarks) {
    static SpooledMemory of(Remembered.Deferred deferred) {
        return new SpooledMemory("spooled", deferred.id(), RemarkView.of(deferred.remarks()));
    }
}
