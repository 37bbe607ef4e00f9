package engram.api;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of memories. */
@Schema(name = "MemoryList", description = "A page of memories")
record MemoryList(
        @Schema(
                required = true,
                implementation = MemoryDocument[].class,
                description = "The memories, by time and then by id")
        List<MemoryView> items,

        @Schema(required = true, nullable = true, description = "The cursor of the next page; null after the last one")
        @Nullable
        String nextCursor) {}
