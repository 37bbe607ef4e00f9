package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.memory.space.AttributeChange;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How an attribute changed. */
@Schema(name = "AttributeHistory", description = "How an attribute of an agent's state changed")
record HistoryList(
        @Schema(required = true, description = "The changes, oldest first")
        List<Item> items) {
    /** One change of an attribute. */
    @Schema(name = "AttributeChange", description = "One change of an attribute")
    record Item(
            @Schema(required = true, description = "The memory whose state first had the new value")
            String id,

            @Schema(required = true, nullable = true, description = "Its step") @Nullable
            Long step,

            @Schema(required = true, format = "date-time", description = "When it was")
            String time,

            @Schema(
                    required = true,
                    implementation = Object.class,
                    description = "The value before; null at the first state that has the attribute")
            @Nullable
            JsonNode previous,

            @Schema(required = true, implementation = Object.class, description = "The value from then on")
            JsonNode value) {
        static Item of(AttributeChange change) {
            return new Item(change.id(), change.step(), change.time().toString(), change.previous(), change.value());
        }
    }
}
