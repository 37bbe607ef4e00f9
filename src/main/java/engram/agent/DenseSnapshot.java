package engram.agent;

import engram.tensor.NamedParameters;

/**
 * A stack of dense layers with its numbers as plain arrays, for acting: one row at a time, on any thread, without
 * PyTorch. Immutable and thread-safe.
 */
final class DenseSnapshot {
    private final DenseLayers layers;
    /** Transposed, inputs × outputs, so that the inner loop runs over independent sums. */
    private final float[][] weights;

    private final float[][] biases;

    DenseSnapshot(DenseLayers layers, NamedParameters values) {
        this.layers = layers;
        this.weights = new float[layers.layers()][];
        this.biases = new float[layers.layers()][];
        for (int layer = 0; layer < weights.length; layer++) {
            weights[layer] = values.transposed(layers.name(layer) + ".weight");
            biases[layer] = values.values(layers.name(layer) + ".bias");
        }
    }

    int inputs() {
        return layers.inputs();
    }

    /** What comes out for one row; a new array. */
    float[] forward(float[] row) {
        float[] values = row;
        for (int layer = 0; layer < weights.length; layer++) {
            float[] sums = biases[layer].clone();
            accumulate(values, weights[layer], sums);
            if (layers.activated(layer)) {
                layers.settings().activation().function().apply(sums, sums.length);
            }
            values = sums;
        }
        return values;
    }

    /** {@code sums += values · matrix}, where the matrix has a row an input. */
    static void accumulate(float[] values, float[] matrix, float[] sums) {
        int width = sums.length;
        int input = 0;
        // Four inputs a pass: a sum is loaded and stored once for four products.
        for (; input + 4 <= values.length; input += 4) {
            float a = values[input];
            float b = values[input + 1];
            float c = values[input + 2];
            float d = values[input + 3];
            int at = input * width;
            int second = at + width;
            int third = second + width;
            int fourth = third + width;
            for (int i = 0; i < width; i++) {
                sums[i] += a * matrix[at + i] + b * matrix[second + i] + c * matrix[third + i] + d * matrix[fourth + i];
            }
        }
        for (; input < values.length; input++) {
            float a = values[input];
            int at = input * width;
            for (int i = 0; i < width; i++) {
                sums[i] += a * matrix[at + i];
            }
        }
    }
}
