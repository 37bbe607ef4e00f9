package engram.memory;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * One entry of a space's change feed.
 *
 * @param sequence the store-wide number of the change
 * @param type what happened
 * @param id the memory
 * @param agent the memory's agent
 * @param tier the tier it is in now, or was in when it left
 * @param time when it happened
 */
public record ChangeEvent(long sequence, Type type, String id, String agent, Tier tier, Instant time) {
    public ChangeEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(agent, "agent");
        Objects.requireNonNull(tier, "tier");
        Objects.requireNonNull(time, "time");
    }

    /** What happened to a memory. The JSON name is the constant's in lower case. */
    public enum Type {
        NEW,
        EDITED,
        DEMOTED,
        MERGED,
        FORGOTTEN,
        DELETED;

        /** The name in JSON. */
        public String jsonName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
