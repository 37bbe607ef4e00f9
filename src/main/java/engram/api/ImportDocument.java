package engram.api;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The report of an import in the OpenAPI document; {@link engram.memory.transfer.ImportReport} writes it. */
@Schema(name = "ImportReport", description = "What became of an import")
record ImportDocument(
        @Schema(required = true, minimum = "0", description = "How many items the stream had")
        long read,

        @Schema(required = true, minimum = "0", description = "How many were stored")
        long imported,

        @Schema(required = true, minimum = "0", description = "How many were there already and were left as they are")
        long duplicates,

        @Schema(required = true, minimum = "0", description = "How many could not be read or stored")
        long failed,

        @Schema(required = true, description = "The first of those")
        List<Failure> failures,

        @Schema(required = true, description = "Whether the stream was whole, as its checksum tells")
        String checksum,

        @Schema(required = true, description = "What a person should know")
        List<String> notes) {

    /** An item that was not stored. */
    @Schema(name = "ImportFailure", description = "An item that was not stored")
    record Failure(
            @Schema(required = true, minimum = "0", description = "Its number in the stream")
            long index,

            @Schema(required = true, description = "The field that is wrong; empty for the item as a whole")
            String field,

            @Schema(required = true, description = "What is wrong with it")
            String message) {}
}
