package engram.encoder;

/**
 * A linear layer in plain Java, for encoding without PyTorch. The matrix is kept input by input, so that inputs which
 * are 0 (absent slots, units a ReLU has silenced) cost nothing and the inner loops run over neighbouring numbers. The
 * order of additions depends on nothing but the row itself: a row gives the same bits alone and in any batch. Immutable
 * and thread-safe.
 */
final class DenseLayer {
    private final int inputs;
    private final int outputs;
    private final float[] byInput;
    private final float[] bias;

    private DenseLayer(int inputs, int outputs, float[] byInput, float[] bias) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.byInput = byInput;
        this.bias = bias;
    }

    static DenseLayer of(Weights weights, AutoencoderLayer layer, int features) {
        int inputs = layer.inputs(features);
        int outputs = layer.outputs(features);
        float[] byOutput = weights.values(layer.weight(), outputs, inputs);
        float[] byInput = new float[byOutput.length];
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < inputs; input++) {
                byInput[input * outputs + output] = byOutput[output * inputs + input];
            }
        }
        return new DenseLayer(
                inputs, outputs, byInput, weights.values(layer.bias(), outputs).clone());
    }

    /** One layer that does what this and then another do, with nothing between them. */
    DenseLayer then(DenseLayer next) {
        float[] product = new float[inputs * next.outputs];
        for (int input = 0; input < inputs; input++) {
            double[] row = next.through(byInput, input * outputs);
            for (int output = 0; output < next.outputs; output++) {
                product[input * next.outputs + output] = (float) row[output];
            }
        }
        double[] shift = next.through(bias, 0);
        float[] sum = new float[next.outputs];
        for (int output = 0; output < next.outputs; output++) {
            sum[output] = (float) (shift[output] + next.bias[output]);
        }
        return new DenseLayer(inputs, next.outputs, product, sum);
    }

    int outputs() {
        return outputs;
    }

    /**
     * Applies the layer to one row.
     *
     * @param row {@code inputs} numbers
     * @param active scratch of at least {@code inputs} places
     * @return a new array of {@code outputs} numbers
     */
    float[] apply(float[] row, int[] active) {
        int count = 0;
        for (int i = 0; i < inputs; i++) {
            if (row[i] != 0) {
                active[count++] = i;
            }
        }
        float[] result = bias.clone();
        int k = 0;
        for (; k + 4 <= count; k += 4) {
            addFour(row, result, active[k], active[k + 1], active[k + 2], active[k + 3]);
        }
        for (; k < count; k++) {
            addOne(row[active[k]], active[k] * outputs, result);
        }
        return result;
    }

    private void addFour(float[] row, float[] result, int a, int b, int c, int d) {
        float[] matrix = byInput;
        float va = row[a];
        float vb = row[b];
        float vc = row[c];
        float vd = row[d];
        int oa = a * outputs;
        int ob = b * outputs;
        int oc = c * outputs;
        int od = d * outputs;
        for (int j = 0; j < result.length; j++) {
            result[j] += (va * matrix[oa + j] + vb * matrix[ob + j]) + (vc * matrix[oc + j] + vd * matrix[od + j]);
        }
    }

    private void addOne(float value, int offset, float[] result) {
        for (int j = 0; j < result.length; j++) {
            result[j] += value * byInput[offset + j];
        }
    }

    private double[] through(float[] numbers, int from) {
        double[] result = new double[outputs];
        for (int input = 0; input < inputs; input++) {
            double value = numbers[from + input];
            for (int output = 0; output < outputs; output++) {
                result[output] += value * byInput[input * outputs + output];
            }
        }
        return result;
    }
}
