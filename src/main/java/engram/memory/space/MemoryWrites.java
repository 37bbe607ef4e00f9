package engram.memory.space;

import engram.memory.IdempotencyKey;
import java.util.List;
import java.util.Optional;

/** Where new memories go: straight into their space, or by way of a spool while its store is away. Thread-safe. */
public interface MemoryWrites {
    /**
     * Returns if memories of this space can be taken.
     *
     * @throws engram.error.NotFound if there is no such space
     * @throws engram.error.Unavailable if its store is away and nothing is known of it here
     */
    void require(String space);

    /**
     * Stores memories as {@link Space#remember} does, or keeps them until it can be done, which
     * {@link Remembered.Deferred} then says of each.
     *
     * @throws engram.error.Conflict if the key was used for another batch
     * @throws engram.error.Retriable if they can neither be stored nor kept; nothing of them is
     */
    Remembered remember(String space, List<NewMemory> memories, Optional<IdempotencyKey> key);

    /** Straight into the spaces. */
    static MemoryWrites into(Spaces spaces) {
        return new MemoryWrites() {
            @Override
            public void require(String space) {
                spaces.open(space);
            }

            @Override
            public Remembered remember(String space, List<NewMemory> memories, Optional<IdempotencyKey> key) {
                return spaces.open(space).remember(memories, key);
            }
        };
    }
}
