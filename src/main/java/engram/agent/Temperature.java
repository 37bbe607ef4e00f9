package engram.agent;

import engram.tensor.AdamState;

/**
 * What a unit of entropy is worth beside reward: fixed, or moved by Adam on its logarithm so that the entropy of the
 * actions stays at a target (Haarnoja et al., 2018, section 5).
 */
final class Temperature {
    private static final double FIRST_DECAY = 0.9;
    private static final double SECOND_DECAY = 0.999;
    private static final double EPSILON = 1e-8;

    private final boolean tuned;
    private final double targetEntropy;
    private float logarithm;
    private float first;
    private float second;
    private long steps;

    Temperature(double initial, boolean tuned, double targetEntropy) {
        this.logarithm = (float) Math.log(initial);
        this.tuned = tuned;
        this.targetEntropy = targetEntropy;
    }

    double value() {
        return Math.exp(logarithm);
    }

    /** Lowers it where actions are more random than the target, raises it where they are less. */
    void learn(double meanLogDensity, double learningRate) {
        if (!tuned) {
            return;
        }
        steps++;
        float gradient = (float) -(meanLogDensity + targetEntropy);
        first += (float) ((1 - FIRST_DECAY) * (gradient - first));
        second = (float) (SECOND_DECAY * second + (1 - SECOND_DECAY) * gradient * gradient);
        double corrected = first / (1 - Math.pow(FIRST_DECAY, (double) steps));
        double root = Math.sqrt(second / (1 - Math.pow(SECOND_DECAY, (double) steps)));
        logarithm -= (float) (learningRate * corrected / (root + EPSILON));
    }

    /** Its logarithm with the bits of a float, as a number to save. */
    long bits() {
        return Float.floatToRawIntBits(logarithm);
    }

    AdamState state() {
        return new AdamState(steps, new float[] {first}, new float[] {second});
    }

    void restore(long bits, AdamState state) {
        logarithm = Float.intBitsToFloat((int) bits);
        first = state.first()[0];
        second = state.second()[0];
        steps = state.steps();
    }
}
