package engram.encoder;

import java.util.Arrays;

/**
 * A linear layer in plain Java, for encoding without PyTorch. Immutable and thread-safe.
 *
 * @param byOutput the matrix, outputs × inputs
 * @param bias one number an output
 */
@SuppressWarnings("ArrayRecordComponent") // handed over within the package, never compared
record DenseLayer(float[] byOutput, float[] bias) {
    static DenseLayer of(Weights weights, AutoencoderLayer layer, int features) {
        int inputs = layer.inputs(features);
        int outputs = layer.outputs(features);
        return new DenseLayer(weights.values(layer.weight(), outputs, inputs), weights.values(layer.bias(), outputs));
    }

    /** One layer that does what this and then another do, with nothing between them. */
    DenseLayer then(DenseLayer next) {
        int inputs = byOutput.length / bias.length;
        int between = bias.length;
        int outputs = next.bias.length;
        float[] product = new float[outputs * inputs];
        float[] sum = new float[outputs];
        double[] row = new double[inputs];
        for (int output = 0; output < outputs; output++) {
            Arrays.fill(row, 0);
            double shift = next.bias[output];
            for (int k = 0; k < between; k++) {
                double factor = next.byOutput[output * between + k];
                shift += factor * bias[k];
                for (int input = 0; input < inputs; input++) {
                    row[input] += factor * byOutput[k * inputs + input];
                }
            }
            sum[output] = (float) shift;
            for (int input = 0; input < inputs; input++) {
                product[output * inputs + input] = (float) row[input];
            }
        }
        return new DenseLayer(product, sum);
    }

    DenseKernel kernel() {
        return DenseKernel.of(byOutput, bias);
    }
}
