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
        void apply(float[] sums, int count) {
            for (int i = 0; i < count; i++) {
                sums[i] = Math.max(0, sums[i]);
            }
        }

        @Override
        void slope(float[] slopes, float[] outputs, int count) {
            for (int i = 0; i < count; i++) {
                slopes[i] *= Math.min(1, outputs[i] * BEYOND);
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
        void apply(float[] sums, int count) {
            for (int i = 0; i < count; i++) {
                sums[i] = Math.max(sums[i], SLOPE * sums[i]);
            }
        }

        @Override
        void slope(float[] slopes, float[] outputs, int count) {
            for (int i = 0; i < count; i++) {
                slopes[i] *= Math.max(SLOPE, Math.min(1, outputs[i] * BEYOND));
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
        void apply(float[] sums, int count) {
            for (int i = 0; i < count; i++) {
                sums[i] = (float) Math.tanh(sums[i]);
            }
        }

        @Override
        void slope(float[] slopes, float[] outputs, int count) {
            for (int i = 0; i < count; i++) {
                slopes[i] *= 1 - outputs[i] * outputs[i];
            }
        }
    };

    private static final float SLOPE = 0.01f;

    /** Makes every positive number of full precision 1 or more: unlike a comparison, that is computed for many at once. */
    private static final float BEYOND = Float.MAX_VALUE;

    abstract Tensor apply(Tensor sums);

    /** Replaces the first sums by what the activation gives for them. */
    abstract void apply(float[] sums, int count);

    /**
     * Takes slopes from outputs back to sums.
     *
     * @param slopes of the loss by the outputs, replaced by those by the sums
     * @param outputs what the activation gave
     */
    abstract void slope(float[] slopes, float[] outputs, int count);
}
