package engram.memory;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A change of one memory.
 *
 * @param id which memory
 * @param expectedRevision the revision it must have; empty where any will do
 * @param change what changes
 */
public record Update(String id, OptionalLong expectedRevision, Change change) {
    public Update {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(expectedRevision, "expectedRevision");
        Objects.requireNonNull(change, "change");
    }

    /** What changes of a memory. */
    public sealed interface Change {}

    /**
     * A client's edit; a null component stays as it is.
     *
     * @param importance the importance to set, in [0,1]
     * @param clearImportance whether a set importance is removed, so that the formula applies again
     * @param tags the tags that replace the present ones
     * @param pinned whether to pin
     */
    public record Edit(
            @Nullable Double importance,
            boolean clearImportance,
            @Nullable JsonObject tags,
            @Nullable Boolean pinned) implements Change {}

    /**
     * A move to a lower tier.
     *
     * @param tier the new tier
     * @param payload what is kept of the payload
     * @param reduced whether the payload has lost something
     * @param vectors the vector of the new tier for every live version of the memory's modality; owned by the change
     */
    public record Demote(Tier tier, JsonObject payload, boolean reduced, Map<EmbeddingVersion, float[]> vectors)
            implements Change {
        public Demote {
            Objects.requireNonNull(tier, "tier");
            Objects.requireNonNull(payload, "payload");
            vectors = Map.copyOf(vectors);
        }
    }

    /** The memory goes; its id can be used again. */
    public record Remove(Departure why) implements Change {
        public Remove {
            Objects.requireNonNull(why, "why");
        }
    }

    /** What became of an update. */
    public enum Outcome {
        /** It is durable. */
        APPLIED,
        /** There is no such memory. */
        MISSING,
        /** The memory has another revision than the expected one. */
        STALE
    }
}
