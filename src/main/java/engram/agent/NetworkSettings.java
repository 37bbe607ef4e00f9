package engram.agent;

import engram.error.InvalidInput;
import engram.tensor.Initialization;
import java.util.List;

/**
 * How a network of dense layers is built between its inputs and outputs.
 *
 * @param layers the widths of the hidden layers, from the input on; may be empty, each 1 to 8,192, at most 16
 * @param activation of the hidden layers
 * @param dropout the share of hidden numbers that is left out in learning, in [0,1); never in acting
 * @param initialization of all weights
 */
public record NetworkSettings(
        List<Integer> layers, Activation activation, double dropout, Initialization initialization) {
    private static final int MOST_LAYERS = 16;
    private static final int MOST_WIDTH = 8_192;

    public NetworkSettings {
        layers = List.copyOf(layers);
        if (layers.size() > MOST_LAYERS) {
            throw new InvalidInput("layers", "has " + layers.size() + " layers, but at most " + MOST_LAYERS + " are");
        }
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i) < 1 || layers.get(i) > MOST_WIDTH) {
                throw new InvalidInput("layers[" + i + "]", "is " + layers.get(i) + ", but must be 1 to " + MOST_WIDTH);
            }
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new InvalidInput("dropout", "is " + dropout + ", but must be in [0,1)");
        }
    }

    /** ReLU layers of these widths, initialised as PyTorch initialises linear layers, without dropout. */
    public static NetworkSettings of(Integer... layers) {
        return new NetworkSettings(List.of(layers), Activation.RELU, 0, Initialization.UNIFORM);
    }

    /** The network of Agent Byte: 512, 256, 128, 64 with leaky ReLU, initialised after He, behind an input of 256. */
    public static NetworkSettings deep() {
        return new NetworkSettings(List.of(512, 256, 128, 64), Activation.LEAKY_RELU, 0.1, Initialization.HE);
    }
}
