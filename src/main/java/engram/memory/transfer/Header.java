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
 */
public record Header(@Nullable String space, @Nullable JsonObject settings, SortedMap<String, String> encoders) {
    /** A header that says nothing. */
    public static final Header EMPTY = new Header(null, null, new TreeMap<>());

    public Header {
        encoders = Collections.unmodifiableSortedMap(new TreeMap<>(encoders));
    }
}
