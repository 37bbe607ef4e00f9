package engram.memory.transfer;

import engram.memory.JsonObject;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an export says of itself before its first memory.
 *
 * @param space the space it comes from, null if it does not say
 * @param settings the settings of that space, null if it does not say
 * @param encoders for each {@link engram.memory.Modality} by name, a fingerprint of the encoder that made the vectors; a
 *     vector may be taken over only by a space whose encoder has the same
 * @param encoder the trained encoder that made the vectors of states, null if it is none or does not travel
 */
public record Header(
        @Nullable String space,
        @Nullable JsonObject settings,
        SortedMap<String, String> encoders,
        @Nullable TravellingEncoder encoder) {
    /** A header that says nothing. */
    public static final Header EMPTY = new Header(null, null, new TreeMap<>());

    /** A header without an encoder. */
    public Header(@Nullable String space, @Nullable JsonObject settings, SortedMap<String, String> encoders) {
        this(space, settings, encoders, null);
    }

    /**
     * A trained encoder on its way.
     *
     * @param version its number where it comes from
     * @param archive {@link engram.encoder.EncoderFiles#archive} in base64
     */
    public record TravellingEncoder(int version, String archive) {}

    public Header {
        encoders = Collections.unmodifiableSortedMap(new TreeMap<>(encoders));
    }
}
