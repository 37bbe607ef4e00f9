package engram.api;

import engram.error.InvalidInput;
import org.jspecify.annotations.Nullable;

/** Reads query parameters, which arrive as texts. */
final class QueryParameters {
    private QueryParameters() {}

    /** A whole number in a range. */
    static int integer(String name, @Nullable String value, int absent, int min, int max) {
        Long number = longOrNull(name, value, min);
        if (number == null) {
            return absent;
        }
        if (number > max) {
            throw new InvalidInput(name, "is between " + min + " and " + max + ", not " + number);
        }
        return number.intValue();
    }

    /** A whole number of at least {@code min}, null where it is absent. */
    static @Nullable Long longOrNull(String name, @Nullable String value, long min) {
        if (value == null) {
            return null;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= min) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, as a number outside the range is.
        }
        throw new InvalidInput(
                name, "must be a whole number of at least " + min + ", not '" + Names.shortened(value) + "'");
    }

    /** True or false. */
    static boolean truth(String name, @Nullable String value) {
        return switch (value) {
            case null -> false;
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidInput(name, "must be true or false, not '" + Names.shortened(value) + "'");
        };
    }
}
