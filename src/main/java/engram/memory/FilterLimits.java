package engram.memory;

import engram.error.InvalidInput;

/**
 * How large a filter may be.
 *
 * @param depth how deep conditions may nest, at least 1
 * @param conditions how many conditions it may have, the combining ones among them, at least 1
 * @param values how many values one {@code in} may list, at least 1
 * @param textLength how many characters a text in it may have, at least 1
 */
public record FilterLimits(int depth, int conditions, int values, int textLength) {
    public FilterLimits {
        requirePositive("depth", depth);
        requirePositive("conditions", conditions);
        requirePositive("values", values);
        requirePositive("textLength", textLength);
    }

    /** Depth 16, 256 conditions, 1,000 values, 4,096 characters. */
    public static FilterLimits defaults() {
        return new FilterLimits(16, 256, 1_000, 4_096);
    }

    private static void requirePositive(String field, int value) {
        if (value < 1) {
            throw new InvalidInput(field, "is at least 1, not " + value);
        }
    }
}
