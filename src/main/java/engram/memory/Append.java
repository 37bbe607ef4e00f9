package engram.memory;

import java.util.List;
import java.util.Optional;

/**
 * A batch on its way into a store.
 *
 * @param entries the memories, in order
 * @param key makes the batch happen once: the outcomes are kept with the key in the same transaction
 */
public record Append(List<Entry> entries, Optional<IdempotencyKey> key) {
    public Append {
        entries = List.copyOf(entries);
    }
}
