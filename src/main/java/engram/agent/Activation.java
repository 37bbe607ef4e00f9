package engram.agent;

import engram.tensor.Tensor;

/** What a hidden layer does to the sums of its inputs. */
public enum Activation {
    /** {@code max(0, x)}. */
    RELU {
        @Override
        Tensor apply(Tensor sums) {
            return sums.relu();
        }

        @Override
        void apply(float[] sums) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] = Math.max(0, sums[i]);
            }
        }
    },
    /** {@code x} where it is positive, {@code 0.01 · x} elsewhere. */
    LEAKY_RELU {
        @Override
        Tensor apply(Tensor sums) {
            return sums.leakyRelu(SLOPE);
        }

        @Override
        void apply(float[] sums) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] = sums[i] > 0 ? sums[i] : SLOPE * sums[i];
            }
        }
    },
    /** The hyperbolic tangent. */
    TANH {
        @Override
        Tensor apply(Tensor sums) {
            return sums.tanh();
        }

        @Override
        void apply(float[] sums) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] = (float) Math.tanh(sums[i]);
            }
        }
    };

    private static final float SLOPE = 0.01f;

    abstract Tensor apply(Tensor sums);

    abstract void apply(float[] sums);
}
