package engram.tensor;

import engram.tensor.kernel.NativeKernels;

/**
 * A rectifier: {@code x} where it is positive, {@code slope · x} elsewhere (Maas et al., 2013). In native memory the loops
 * of a native binary compute it, with the same bits.
 *
 * @param slope in [0,1); 0 is the usual rectifier, {@code max(0, x)}
 */
public record Rectifier(float slope) implements PointwiseFunction {
    /** Makes every positive number of full precision 1 or more: unlike a comparison, that is computed for many at once. */
    private static final float BEYOND = Float.MAX_VALUE;

    @Override
    public void apply(float[] values, int count) {
        if (slope == 0) {
            for (int i = 0; i < count; i++) {
                values[i] = Math.max(0, values[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                values[i] = Math.max(values[i], slope * values[i]);
            }
        }
    }

    @Override
    public void backward(float[] slopes, float[] outputs, int count) {
        for (int i = 0; i < count; i++) {
            slopes[i] *= Math.max(slope, Math.min(1, outputs[i] * BEYOND));
        }
    }

    @Override
    public void apply(NativeMatrix values) {
        if (!NativeKernels.ARE_LINKED) {
            PointwiseFunction.super.apply(values);
        } else if (slope == 0) {
            NativeKernels.relu(values.memory(), values.size());
        } else {
            NativeKernels.leakyRelu(values.memory(), values.size(), slope);
        }
    }

    @Override
    public void backward(NativeMatrix slopes, NativeMatrix outputs) {
        if (NativeKernels.ARE_LINKED) {
            NativeKernels.reluSlopes(slopes.memory(), outputs.memory(), slopes.size(), slope);
        } else {
            PointwiseFunction.super.backward(slopes, outputs);
        }
    }
}
