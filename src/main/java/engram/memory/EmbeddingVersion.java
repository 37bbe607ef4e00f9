package engram.memory;

import java.util.Objects;

/**
 * Names the encoder that made a vector within a space. Each has vectors and an index of its own: vectors of two
 * versions are never compared.
 *
 * @param modality which family of encoders
 * @param number 0 for the untrained encoder, 1 and up for trained ones
 */
public record EmbeddingVersion(Modality modality, int number) {
    public EmbeddingVersion {
        Objects.requireNonNull(modality, "modality");
        if (number < 0) {
            throw new IllegalArgumentException("an encoder version is at least 0, not " + number);
        }
    }
}
