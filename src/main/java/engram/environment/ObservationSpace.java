package engram.environment;

import engram.error.InvalidInput;
import java.util.Arrays;

/**
 * What observations look like: a fixed number of components, each between two bounds (a Gymnasium Box, flattened).
 * Immutable; the arrays are copied on the way in and out.
 *
 * @param low the smallest value of each component; −∞ where there is no bound
 * @param high the largest; +∞ where there is no bound
 */
@SuppressWarnings("ArrayRecordComponent")
public record ObservationSpace(float[] low, float[] high) {
    /** @throws InvalidInput naming {@code low} or {@code high} if the bounds are not as many, not ordered or not numbers */
    public ObservationSpace {
        Bounds.check(low, high, true);
        low = low.clone();
        high = high.clone();
    }

    /** Bounds −high to high. */
    static ObservationSpace symmetric(float... high) {
        float[] low = new float[high.length];
        for (int i = 0; i < high.length; i++) {
            low[i] = -high[i];
        }
        return new ObservationSpace(low, high);
    }

    /** How many components there are; at least 1. */
    public int width() {
        return low.length;
    }

    /** The lower bounds, a copy. */
    @Override
    public float[] low() {
        return low.clone();
    }

    /** The upper bounds, a copy. */
    @Override
    public float[] high() {
        return high.clone();
    }

    /** Whether {@code observation} has the right length and every component is within its bounds; NaN is not. */
    public boolean contains(float[] observation) {
        return observation.length == low.length && Bounds.contain(low, high, observation, 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObservationSpace that && Arrays.equals(low, that.low) && Arrays.equals(high, that.high);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
    }

    @Override
    public String toString() {
        return "ObservationSpace[low=" + Arrays.toString(low) + ", high=" + Arrays.toString(high) + "]";
    }
}
