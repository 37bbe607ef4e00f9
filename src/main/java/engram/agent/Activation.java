package engram.agent;

import engram.tensor.HyperbolicTangent;
import engram.tensor.PointwiseFunction;
import engram.tensor.Rectifier;
import engram.tensor.Tensor;

/** What a hidden layer does to the sums of its inputs. */
public enum Activation {
    /** {@code max(0, x)}. */
    RELU,
    /** {@code x} where it is positive, {@code 0.01 · x} elsewhere. */
    LEAKY_RELU,
    /** The hyperbolic tangent. */
    TANH;

    private static final float SLOPE = 0.01f;

    /** The same for numbers and matrices. */
    PointwiseFunction function() {
        return switch (this) {
            case RELU -> new Rectifier(0);
            case LEAKY_RELU -> new Rectifier(SLOPE);
            case TANH -> new HyperbolicTangent();
        };
    }

    Tensor apply(Tensor sums) {
        return switch (this) {
            case RELU -> sums.relu();
            case LEAKY_RELU -> sums.leakyRelu(SLOPE);
            case TANH -> sums.tanh();
        };
    }
}
