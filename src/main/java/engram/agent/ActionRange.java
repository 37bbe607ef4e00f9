package engram.agent;

import engram.error.InvalidInput;

/**
 * What the numbers of a continuous action may be; learners compute in [−1,1]. Immutable: the arrays are copied in and
 * never handed out.
 */
final class ActionRange {
    private final float[] low;
    private final float[] high;

    /** @throws InvalidInput if a bound is not finite or the wrong way round */
    ActionRange(float[] low, float[] high) {
        if (low.length == 0 || low.length != high.length) {
            throw new InvalidInput("actions", "has " + low.length + " lower and " + high.length + " upper bounds");
        }
        for (int i = 0; i < low.length; i++) {
            if (!(low[i] < high[i]) || Float.isInfinite(low[i]) || Float.isInfinite(high[i])) {
                throw new InvalidInput(
                        "actions", "has the bounds " + low[i] + " and " + high[i] + ", which are no finite range");
            }
        }
        this.low = low.clone();
        this.high = high.clone();
    }

    int width() {
        return low.length;
    }

    /** From [−1,1] to the range, in place. */
    void widen(float[] action) {
        for (int i = 0; i < action.length; i++) {
            action[i] = Math.clamp(low[i] + 0.5f * (action[i] + 1) * (high[i] - low[i]), low[i], high[i]);
        }
    }

    /** Rows of actions of the range, each narrowed to [−1,1]; a new array. */
    float[] narrow(float[] actions) {
        float[] narrow = new float[actions.length];
        for (int i = 0; i < actions.length; i++) {
            int place = i % low.length;
            narrow[i] = 2 * (actions[i] - low[place]) / (high[place] - low[place]) - 1;
        }
        return narrow;
    }
}
