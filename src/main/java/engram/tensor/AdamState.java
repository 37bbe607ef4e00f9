package engram.tensor;

import java.util.Arrays;

/**
 * What {@link Adam} remembers between steps. Equal by content.
 *
 * @param steps t, how many steps were taken
 * @param first m, the running mean of the gradients, one number a parameter in the order of the network; copied in and
 *     out
 * @param second v, the running mean of their squares; copied in and out
 */
@SuppressWarnings("ArrayRecordComponent") // equality is by content, below
public record AdamState(long steps, float[] first, float[] second) {
    public AdamState {
        if (steps < 0 || first.length != second.length) {
            throw new IllegalArgumentException(
                    steps + " steps, " + first.length + " first and " + second.length + " second moments");
        }
        first = first.clone();
        second = second.clone();
    }

    @Override
    public float[] first() {
        return first.clone();
    }

    @Override
    public float[] second() {
        return second.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdamState state
                && steps == state.steps
                && Arrays.equals(first, state.first)
                && Arrays.equals(second, state.second);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(steps) * 31 + Arrays.hashCode(first) * 17 + Arrays.hashCode(second);
    }

    @Override
    public String toString() {
        return "AdamState[steps=" + steps + ", parameters=" + first.length + "]";
    }
}
