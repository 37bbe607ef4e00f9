package engram.encoder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Objects;

/**
 * A trained encoder version as it is kept on disk.
 *
 * @param version its number, 1 or more
 * @param weights all its parameters
 * @param scale how distances of its vectors become scores
 * @param report how it was trained and how good it is; owned by this object
 * @param created when it was trained
 */
public record StoredEncoder(int version, Weights weights, ScoreScale scale, ObjectNode report, Instant created) {
    public StoredEncoder {
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(scale, "scale");
        Objects.requireNonNull(report, "report");
        Objects.requireNonNull(created, "created");
        if (version < 1) {
            throw new IllegalArgumentException("a trained encoder has version 1 or more, not " + version);
        }
    }
}
