package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of an attribute in the states of an agent.
 *
 * @param id the memory whose state first had the new value
 * @param step its step, null where it has none
 * @param time when it was
 * @param previous the value before, null at the first state that has the attribute
 * @param value the value from then on
 */
public record AttributeChange(
        String id,
        @Nullable Long step,
        Instant time,
        @Nullable JsonNode previous,
        JsonNode value) {}
