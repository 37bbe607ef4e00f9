package engram.tensor.kernel;

/**
 * The numbers of one step of Adam (Kingma and Ba, 2015).
 *
 * @param clipping what gradients are multiplied by
 * @param weightDecay the share of a parameter that is added to its gradient
 * @param firstShare 1 − β₁
 * @param secondDecay β₂
 * @param secondShare 1 − β₂
 * @param rate the learning rate, corrected for the first moments' beginning at 0
 * @param rootScale what the roots of the second moments are multiplied by, for the same reason
 * @param epsilon keeps the quotient finite
 */
public record AdamStep(
        float clipping,
        float weightDecay,
        float firstShare,
        float secondDecay,
        float secondShare,
        float rate,
        float rootScale,
        float epsilon) {
    /** Takes the step in Java; the arrays have {@code count} numbers or more. */
    public void apply(float[] value, float[] gradient, float[] first, float[] second, int count) {
        for (int i = 0; i < count; i++) {
            float g = gradient[i] * clipping + weightDecay * value[i];
            float m = first[i] + (g - first[i]) * firstShare;
            float v = second[i] * secondDecay + g * g * secondShare;
            first[i] = m;
            second[i] = v;
            value[i] -= rate * m / ((float) Math.sqrt(v) * rootScale + epsilon);
        }
    }
}
