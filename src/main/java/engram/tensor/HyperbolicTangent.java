package engram.tensor;

/** The hyperbolic tangent. */
public record HyperbolicTangent() implements PointwiseFunction {
    @Override
    public void apply(float[] values, int count) {
        for (int i = 0; i < count; i++) {
            values[i] = (float) Math.tanh(values[i]);
        }
    }

    @Override
    public void backward(float[] slopes, float[] outputs, int count) {
        for (int i = 0; i < count; i++) {
            slopes[i] *= 1 - outputs[i] * outputs[i];
        }
    }
}
