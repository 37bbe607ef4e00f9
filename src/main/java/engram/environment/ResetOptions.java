package engram.environment;

import engram.error.InvalidInput;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How an episode begins.
 *
 * @param seed where the environment's generator begins, 0 or more; {@code null} lets it go on from where it is
 * @param state the initial state, in the environment's own units and order, instead of a drawn one; {@code null} to draw
 *     it. Handed over, not copied. With a seed as well the generator is seeded and advances as if the state had been drawn,
 *     as after {@code env.reset(seed=s); env.unwrapped.state = x} in Gymnasium
 */
@SuppressWarnings("ArrayRecordComponent")
public record ResetOptions(@Nullable Long seed, double @Nullable [] state) {
    private static final ResetOptions CONTINUED = new ResetOptions(null, null);

    /** @throws InvalidInput naming {@code seed} if it is negative, {@code state} if it holds what is no number */
    public ResetOptions {
        if (seed != null && seed < 0) {
            throw new InvalidInput("seed", "is " + seed + ", but must be 0 or more");
        }
        if (state != null && !Arrays.stream(state).allMatch(Double::isFinite)) {
            throw new InvalidInput("state", "holds a value that is not a finite number");
        }
    }

    /** A drawn state; the generator goes on. */
    public static ResetOptions continued() {
        return CONTINUED;
    }

    /** A state drawn after seeding, or without a seed a drawn state. */
    public static ResetOptions of(@Nullable Long seed) {
        return seed == null ? CONTINUED : new ResetOptions(seed, null);
    }

    /** Both, either or neither. */
    public static ResetOptions of(@Nullable Long seed, double @Nullable [] state) {
        return new ResetOptions(seed, state);
    }

    /** The given initial state. */
    public static ResetOptions at(double... state) {
        return new ResetOptions(null, state);
    }

    /** The given initial state, in single precision. */
    public static ResetOptions at(float[] state) {
        double[] wide = new double[state.length];
        for (int i = 0; i < state.length; i++) {
            wide[i] = state[i];
        }
        return at(wide);
    }
}
