package engram.memory;

import java.util.Map;
import java.util.Objects;

/**
 * A memory on its way into a store, with its vectors.
 *
 * @param memory the memory; its {@code revision} and {@code sequence} are set by the store
 * @param vectors the vector of the memory's tier for every live version of its modality; owned by the entry, not to be
 *     changed by anyone
 */
public record Entry(Memory memory, Map<EmbeddingVersion, float[]> vectors) {
    public Entry {
        Objects.requireNonNull(memory, "memory");
        vectors = Map.copyOf(vectors);
        vectors.forEach((version, vector) -> {
            if (version.modality() != memory.kind().modality()) {
                throw new IllegalArgumentException("a vector of another modality");
            }
            if (vector.length != memory.tier().resolution().dimensions()) {
                throw new IllegalArgumentException(
                        "a vector of " + vector.length + " numbers for a memory in " + memory.tier());
            }
        });
    }
}
