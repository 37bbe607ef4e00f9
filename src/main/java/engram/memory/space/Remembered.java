package engram.memory.space;

import engram.error.InvalidInput;
import engram.feature.Remark;
import engram.memory.Tier;
import java.util.List;

/**
 * What became of a batch of new memories.
 *
 * @param outcomes one a memory, in order
 * @param replayed whether the idempotency key had been used before; nothing was written now
 */
public record Remembered(List<Outcome> outcomes, boolean replayed) {
    public Remembered {
        outcomes = List.copyOf(outcomes);
    }

    /** What became of one memory. */
    public sealed interface Outcome {}

    /**
     * The memory is durable and can be recalled.
     *
     * @param id its id
     * @param tier the tier it is in
     * @param revision its revision
     * @param remarks what of the state found no slot of its own among the features; empty as a rule
     */
    public record Stored(String id, Tier tier, long revision, List<Remark> remarks) implements Outcome {
        public Stored {
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * The memory is safe on this machine, and goes into the space when its store is back. Until then no recall finds it.
     *
     * @param id its id
     * @param remarks as of {@link Stored}
     */
    public record Deferred(String id, List<Remark> remarks) implements Outcome {
        public Deferred {
            remarks = List.copyOf(remarks);
        }
    }

    /** A memory of this id exists already; nothing was changed. */
    public record Duplicate(String id) implements Outcome {}

    /** The memory cannot be embedded as it is; the fields are relative to the memory. */
    public record Rejected(InvalidInput problem) implements Outcome {}
}
