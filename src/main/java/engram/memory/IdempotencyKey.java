package engram.memory;

import java.util.Objects;

/**
 * What a client sends so that a write it repeats happens once.
 *
 * @param value the client's key, unique among its writes to a space
 * @param fingerprint a digest of the request; the same key with another fingerprint is a conflict
 */
public record IdempotencyKey(String value, String fingerprint) {
    public IdempotencyKey {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(fingerprint, "fingerprint");
    }
}
