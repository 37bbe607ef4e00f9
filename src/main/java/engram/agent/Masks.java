package engram.agent;

import engram.error.InvalidInput;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Choosing among the actions that are allowed. */
final class Masks {
    private Masks() {}

    /**
     * The place of the highest number among those that are allowed, counted from {@code from}; the first of equal ones.
     *
     * @throws InvalidInput if no action is allowed, or the mask has another length
     */
    static int highest(float[] values, int from, int count, boolean @Nullable [] mask) {
        check(count, mask);
        return highest(values, from, count, mask, 0);
    }

    /** The same with the masks of many rows in one array, where a row without any allowed action counts as one without a mask. */
    static int highest(float[] values, int from, int count, boolean @Nullable [] masks, int maskFrom) {
        int best = -1;
        for (int i = 0; i < count; i++) {
            boolean allowed = masks == null || masks[maskFrom + i];
            if (allowed && (best < 0 || values[from + i] > values[from + best])) {
                best = i;
            }
        }
        return best < 0 ? highest(values, from, count, null, 0) : best;
    }

    /** One of the allowed actions, each with the same probability. */
    static int random(int count, boolean @Nullable [] mask, RandomGenerator random) {
        check(count, mask);
        if (mask == null) {
            return random.nextInt(count);
        }
        int allowed = 0;
        for (boolean each : mask) {
            allowed += each ? 1 : 0;
        }
        int chosen = random.nextInt(allowed);
        int action = 0;
        while (!mask[action] || chosen-- > 0) {
            action++;
        }
        return action;
    }

    static void check(int count, boolean @Nullable [] mask) {
        if (mask == null) {
            return;
        }
        if (mask.length != count) {
            throw new InvalidInput("actionMask", "has " + mask.length + " places, but there are " + count + " actions");
        }
        for (boolean each : mask) {
            if (each) {
                return;
            }
        }
        throw new InvalidInput("actionMask", "allows no action");
    }
}
