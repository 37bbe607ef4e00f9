package engram.api;

import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of agents. */
@Schema(name = "AgentList", description = "A page of agents")
record AgentList(
        @Schema(required = true, description = "The agents, by name")
        List<Item> items,

        @Schema(required = true, nullable = true, description = "The cursor of the next page; null after the last one")
        @Nullable
        String nextCursor) {
    /** An agent in a list. */
    @Schema(name = "AgentListItem", description = "An agent in a list")
    record Item(
            @Schema(required = true, description = "The agent", examples = "forager-1")
            String agent,

            @Schema(required = true, minimum = "0", description = "How many memories it has")
            long memories,

            @Schema(required = true, description = "How many of them are in each tier")
            Map<String, Long> tiers) {
        static Item of(String agent, Map<String, Long> tiers) {
            return new Item(
                    agent, tiers.values().stream().mapToLong(Long::longValue).sum(), tiers);
        }
    }
}
