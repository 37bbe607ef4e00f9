package engram.tensor;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * First values of linear layers, drawn from a generator of ours because PyTorch's is one for the whole process. ParameterValues
 * are outputs × inputs; biases start at 0.
 */
public enum Initialization {
    /** Uniform within ±√(6 / inputs), for layers before a ReLU (He et al., 2015). */
    HE {
        @Override
        double bound(int inputs, int outputs) {
            return Math.sqrt(6.0 / inputs);
        }
    },
    /** Uniform within ±√(6 / (inputs + outputs)), for layers before a symmetric activation or none (Glorot and Bengio, 2010). */
    XAVIER {
        @Override
        double bound(int inputs, int outputs) {
            return Math.sqrt(6.0 / (inputs + outputs));
        }
    };

    abstract double bound(int inputs, int outputs);

    /**
     * The weight and the bias of a layer, named {@code layer.weight} and {@code layer.bias}.
     *
     * @param random the only source of chance; takes one float a weight
     */
    public List<ParameterValues.Entry> linear(String layer, int inputs, int outputs, RandomGenerator random) {
        float bound = (float) bound(inputs, outputs);
        float[] weight = new float[Math.multiplyExact(inputs, outputs)];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (2 * random.nextFloat() - 1) * bound;
        }
        return List.of(
                new ParameterValues.Entry(layer + ".weight", List.of(outputs, inputs), weight),
                new ParameterValues.Entry(layer + ".bias", List.of(outputs), new float[outputs]));
    }
}
