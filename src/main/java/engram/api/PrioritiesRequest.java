package engram.api;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How much can be learned from experiences. */
@Schema(
        name = "Priorities",
        description =
                "How much can be learned from experiences, such as the size of a temporal-difference error. Kept as"
                        + " the memory's importance, priority/(1+priority)",
        additionalProperties = Schema.False.class)
record PrioritiesRequest(
        @Schema(required = true, description = "The ids; engram.limits.batch-size at most") @Nullable
        List<@Nullable String> ids,

        @Schema(required = true, description = "As many finite numbers of at least 0", examples = "[0.7,2.5]") @Nullable
        List<@Nullable Double> priorities) {}
