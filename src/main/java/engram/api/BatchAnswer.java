package engram.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import engram.api.problem.Problem;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What became of a batch. */
@Schema(name = "BatchResult", description = "What became of a batch")
record BatchAnswer(
        @Schema(required = true, description = "The memories that are stored")
        List<Created> created,

        @Schema(required = true, description = "The memories that are not")
        List<Failed> failed,

        @Schema(
                description = "The memories that are safe on this machine and will be stored when the store, which is"
                        + " away, is back; absent if there are none")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Spooled> spooled) {

    /** A memory that is stored. */
    @Schema(name = "BatchCreated", description = "A memory that is stored")
    record Created(
            @Schema(required = true, minimum = "0", description = "Its place in the request")
            int index,

            @Schema(required = true, description = "Its id") String id,

            @Schema(description = "What of its state found no place of its own among the features; absent if nothing")
            @JsonInclude(JsonInclude.Include.NON_EMPTY)
            List<RemarkView> remarks) {}

    /** A memory that waits for the store. */
    @Schema(name = "BatchSpooled", description = "A memory that waits for the store")
    record Spooled(
            @Schema(required = true, minimum = "0", description = "Its place in the request")
            int index,

            @Schema(required = true, description = "Its id") String id,

            @Schema(description = "What of its state found no place of its own among the features; absent if nothing")
            @JsonInclude(JsonInclude.Include.NON_EMPTY)
            List<RemarkView> remarks) {}

    /** A memory that is not stored. */
    @Schema(name = "BatchFailed", description = "A memory that is not stored")
    record Failed(
            @Schema(required = true, minimum = "0", description = "Its place in the request")
            int index,

            @Schema(required = true, description = "Why it is not stored")
            Problem problem) {}
}
