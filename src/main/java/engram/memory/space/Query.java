package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.InvalidInput;
import java.util.Objects;

/** What a recall looks for. */
public sealed interface Query {
    /** Memories of moments like this state: a JSON object or an array of numbers. */
    record OfState(JsonNode state) implements Query {
        public OfState {
            Objects.requireNonNull(state, "state");
        }
    }

    /** Memories of actions like this one. */
    record OfAction(JsonNode action) implements Query {
        public OfAction {
            Objects.requireNonNull(action, "action");
        }
    }

    /** Texts that mean something like this one. */
    record OfText(String text) implements Query {
        public OfText {
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * Memories near this vector of the active encoder.
     *
     * @param vector 384, 128 or 32 numbers; a narrow vector reaches only tiers that are as narrow or narrower. Owned by
     *     the query
     */
    @SuppressWarnings("ArrayRecordComponent")
    record OfVector(float[] vector) implements Query {
        public OfVector {
            for (int i = 0; i < vector.length; i++) {
                if (!Float.isFinite(vector[i])) {
                    throw new InvalidInput("vector[" + i + "]", "is a finite number");
                }
            }
        }
    }

    /** Memories like this one, which is not among them. */
    record LikeMemory(String id) implements Query {
        public LikeMemory {
            Objects.requireNonNull(id, "id");
        }
    }
}
