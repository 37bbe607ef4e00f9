package engram.memory.deferred;

import engram.memory.IdempotencyKey;
import engram.memory.space.NewMemory;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A request to store memories that waits for its store. The memories are not embedded yet: that is done on delivery, by
 * whatever encoder is active then.
 *
 * @param key makes the request happen once, however often it is delivered
 * @param keyOfClient whether the client chose the key
 * @param attempted whether the store was asked before, so that it may have the request already
 * @param accepted when the request came
 * @param items the memories, in order; at least one
 */
record DeferredWrite(IdempotencyKey key, boolean keyOfClient, boolean attempted, Instant accepted, List<Item> items) {
    DeferredWrite {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(accepted, "accepted");
        items = List.copyOf(items);
        if (items.isEmpty()) {
            throw new IllegalArgumentException("a write of nothing");
        }
    }

    List<NewMemory> memories() {
        return items.stream().map(Item::memory).toList();
    }

    /**
     * Whether it may reach the store in one batch with others, under another key: the ids are ours, so that each memory
     * is found to be there if it comes twice, and nobody knows the key.
     */
    boolean isCombinable() {
        return !keyOfClient && !attempted && items.stream().allMatch(Item::idAssigned);
    }

    /**
     * One memory.
     *
     * @param memory has an id and a time
     * @param idAssigned whether the id was made here, so that nobody else can have used it
     */
    record Item(NewMemory memory, boolean idAssigned) {
        Item {
            if (memory.id() == null || memory.time() == null) {
                throw new IllegalArgumentException("a memory without an id or a time");
            }
        }

        String id() {
            return Objects.requireNonNull(memory.id());
        }
    }
}
