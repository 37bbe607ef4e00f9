package engram.service.access;

import java.util.Locale;
import java.util.Optional;

/** What a key may do in a space. */
public enum Right {
    /** Get, list, recall, watch and export memories, and read the settings. */
    READ,
    /** Store, edit, delete and import memories. */
    WRITE,
    /** Let another key read or write, as far as one may oneself. */
    SHARE,
    /** Everything: settings, encoders, consolidation. In every space: keys, and making and deleting spaces too. */
    ADMIN;

    /** The name in JSON. */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The right of a JSON name, without regard to case; empty if there is none. */
    public static Optional<Right> of(String jsonName) {
        for (Right right : values()) {
            if (right.jsonName().equals(jsonName.toLowerCase(Locale.ROOT))) {
                return Optional.of(right);
            }
        }
        return Optional.empty();
    }
}
