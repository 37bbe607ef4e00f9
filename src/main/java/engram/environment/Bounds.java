package engram.environment;

import engram.error.InvalidInput;

/** Pairs of lower and upper bounds, as observation and action spaces have them. */
final class Bounds {
    /** More components than any observation that fits a frame has. */
    static final int MOST = 1 << 20;

    private Bounds() {}

    /** @throws InvalidInput naming {@code low} or {@code high} */
    static void check(float[] low, float[] high, boolean infinite) {
        if (low.length == 0 || low.length > MOST) {
            throw new InvalidInput("low", "has " + low.length + " components, but there must be 1 to " + MOST);
        }
        if (high.length != low.length) {
            throw new InvalidInput("high", "has " + high.length + " components, but low has " + low.length);
        }
        for (int i = 0; i < low.length; i++) {
            if (!(low[i] <= high[i])) {
                throw new InvalidInput("low[" + i + "]", "is " + low[i] + ", but must be at most " + high[i]);
            }
            if (!infinite && (Float.isInfinite(low[i]) || Float.isInfinite(high[i]))) {
                throw new InvalidInput("low[" + i + "]", "has no finite bounds; an action needs both");
            }
        }
    }

    /** Whether the values from {@code offset} on are within the bounds; NaN is not. */
    static boolean contain(float[] low, float[] high, float[] values, int offset) {
        for (int i = 0; i < low.length; i++) {
            float value = values[offset + i];
            if (!(value >= low[i] && value <= high[i])) {
                return false;
            }
        }
        return true;
    }
}
