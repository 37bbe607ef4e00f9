package engram.tensor;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * First values of linear layers, drawn from a generator of ours because PyTorch's is one for the whole process. Weights are
 * outputs × inputs.
 */
public enum Initialization {
    /** Uniform within ±√(6 / inputs) and biases of 0, for layers before a ReLU (He et al., 2015). */
    HE {
        @Override
        double bound(int inputs, int outputs) {
            return Math.sqrt(6.0 / inputs);
        }
    },
    /**
     * Uniform within ±√(6 / (inputs + outputs)) and biases of 0, for layers before a symmetric activation or none (Glorot
     * and Bengio, 2010).
     */
    XAVIER {
        @Override
        double bound(int inputs, int outputs) {
            return Math.sqrt(6.0 / (inputs + outputs));
        }
    },
    /** Uniform within ±1 / √inputs, the bias too: what PyTorch gives {@code torch.nn.Linear}. */
    UNIFORM {
        @Override
        double bound(int inputs, int outputs) {
            return 1 / Math.sqrt(inputs);
        }

        @Override
        float[] bias(int outputs, float bound, RandomGenerator random) {
            return within(bound, outputs, random);
        }
    };

    abstract double bound(int inputs, int outputs);

    /**
     * The weight and the bias of a layer, named {@code layer.weight} and {@code layer.bias}.
     *
     * @param random the only source of chance; takes one float a number that is not 0
     */
    public List<ParameterValues.Entry> linear(String layer, int inputs, int outputs, RandomGenerator random) {
        float bound = (float) bound(inputs, outputs);
        float[] weight = within(bound, Math.multiplyExact(inputs, outputs), random);
        return List.of(
                new ParameterValues.Entry(layer + ".weight", List.of(outputs, inputs), weight),
                new ParameterValues.Entry(layer + ".bias", List.of(outputs), bias(outputs, bound, random)));
    }

    float[] bias(int outputs, float bound, RandomGenerator random) {
        return new float[outputs];
    }

    private static float[] within(float bound, int count, RandomGenerator random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (2 * random.nextFloat() - 1) * bound;
        }
        return values;
    }
}
