package engram.api;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of spaces. */
@Schema(name = "SpaceList", description = "A page of spaces")
record SpaceList(
        @Schema(required = true, description = "The spaces, by name")
        List<Item> items,

        @Schema(required = true, nullable = true, description = "The cursor of the next page; null after the last one")
        @Nullable
        String nextCursor) {
    /** A space in a list. */
    @Schema(name = "SpaceListItem", description = "A space in a list")
    record Item(
            @Schema(required = true, description = "The name", examples = "world")
            String name) {}
}
