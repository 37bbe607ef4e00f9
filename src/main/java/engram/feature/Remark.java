package engram.feature;

import java.util.Objects;

/**
 * Something in a state that was accepted, but not as the caller might expect.
 *
 * @param kind what happened
 * @param field the path of the field, as in {@link FeatureSchema}
 * @param slot the slot where the value went; the first one for a field of several slots, -1 where there is none
 * @param message the same in a sentence for people
 */
public record Remark(Kind kind, String field, int slot, String message) {
    /** What can happen to a field. */
    public enum Kind {
        /** An undeclared number whose own slot was taken by another field of the same state sits in another slot. */
        MOVED,
        /** A number outside its declared range counts as the nearest bound; a negative grid cell counts as 0. */
        CLIPPED,
        /** A value that is none of the declared categories is all zero. */
        UNKNOWN_CATEGORY
    }

    public Remark {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(message, "message");
    }
}
