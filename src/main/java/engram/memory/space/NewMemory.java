package engram.memory.space;

import engram.error.InvalidInput;
import engram.memory.JsonObject;
import engram.memory.Kind;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A memory as a client sends it.
 *
 * @param id the client's own id, null where the space is to choose one
 * @param agent whose memory it is; not blank
 * @param kind what it is about
 * @param step the agent's step, at least 0, null where it has none
 * @param time when it happened, null for now
 * @param payload members {@code state}, {@code action}, {@code interaction}, {@code experience}, {@code text},
 *     {@code context}, {@code outcome}; the one its kind is embedded by must be there
 * @param tags scalars by name
 * @param reward the reward that came with it, null where none did
 * @param pinned whether it keeps its payload and is never merged or forgotten
 * @param importance a set importance in [0,1], null where the formula is to apply
 */
public record NewMemory(
        @Nullable String id,
        String agent,
        Kind kind,
        @Nullable Long step,
        @Nullable Instant time,
        JsonObject payload,
        JsonObject tags,
        @Nullable Double reward,
        boolean pinned,
        @Nullable Double importance) {
    public NewMemory {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(tags, "tags");
        if (agent.isBlank()) {
            throw new InvalidInput("agent", "names the agent whose memory this is and must not be blank");
        }
        if (step != null && step < 0) {
            throw new InvalidInput("step", "is at least 0, not " + step);
        }
        if (reward != null && !Double.isFinite(reward)) {
            throw new InvalidInput("reward", "is a finite number");
        }
        if (importance != null && !(importance >= 0 && importance <= 1)) {
            throw new InvalidInput("importance", "is between 0 and 1, not " + importance);
        }
    }
}
