package engram.memory;

import engram.encoder.Resolution;
import java.util.Optional;

/** Where a memory is kept, from detailed and short-lived to abstract and lasting. The JSON name is the constant's. */
public enum Tier {
    /** Short-term memory: everything as it came, with the 384-number vector. */
    STM(Resolution.FULL),
    /** Intermediate memory: the 128-number vector and the compressed payload. */
    IM(Resolution.COMPRESSED),
    /** Long-term memory: the 32-number vector, tags and declared features; its state is reconstructed. */
    LTM(Resolution.ABSTRACT);

    private final Resolution resolution;

    Tier(Resolution resolution) {
        this.resolution = resolution;
    }

    /** The embedding width that belongs to this tier. */
    public Resolution resolution() {
        return resolution;
    }

    /** The tier a memory is demoted to; empty for LTM. */
    public Optional<Tier> below() {
        return switch (this) {
            case STM -> Optional.of(IM);
            case IM -> Optional.of(LTM);
            case LTM -> Optional.empty();
        };
    }
}
