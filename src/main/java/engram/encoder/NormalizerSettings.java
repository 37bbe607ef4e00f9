package engram.encoder;

import engram.error.InvalidInput;
import java.util.List;

/**
 * How the variational autoencoder of an environment is trained.
 *
 * @param layers the widths of the hidden layers of the encoder, from the observation on; those of the decoder are the same
 *     the other way round. At most 8, each 1 to 4,096
 * @param divergence β: what the divergence of the latent numbers from a normal distribution counts beside the error of
 *     reconstruction, 0 or more
 * @param learningRate of Adam, above 0
 * @param batch rows a step, 1 or more
 * @param epochs passes through the observations, 1 to 10,000
 * @param heldOut the share of observations that is only measured on, in [0.05,0.5]
 * @param seed of the first weights, of the order and of the noise
 */
public record NormalizerSettings(
        List<Integer> layers,
        double divergence,
        double learningRate,
        int batch,
        int epochs,
        double heldOut,
        long seed) {
    private static final int MOST_LAYERS = 8;
    private static final int MOST_WIDTH = 4_096;
    private static final int MOST_EPOCHS = 10_000;

    public NormalizerSettings {
        layers = List.copyOf(layers);
        if (layers.size() > MOST_LAYERS) {
            throw new InvalidInput("layers", "has " + layers.size() + " layers, but at most " + MOST_LAYERS + " are");
        }
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i) < 1 || layers.get(i) > MOST_WIDTH) {
                throw new InvalidInput("layers[" + i + "]", "is " + layers.get(i) + ", but must be 1 to " + MOST_WIDTH);
            }
        }
        if (!(divergence >= 0) || Double.isInfinite(divergence)) {
            throw new InvalidInput("divergence", "is " + divergence + ", but must be 0 or more");
        }
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new InvalidInput("learningRate", "is " + learningRate + ", but must be above 0");
        }
        if (batch < 1) {
            throw new InvalidInput("batch", "is " + batch + ", but must be 1 or more");
        }
        if (epochs < 1 || epochs > MOST_EPOCHS) {
            throw new InvalidInput("epochs", "is " + epochs + ", but must be 1 to " + MOST_EPOCHS);
        }
        if (!(heldOut >= 0.05 && heldOut <= 0.5)) {
            throw new InvalidInput("heldOut", "is " + heldOut + ", but must be in [0.05,0.5]");
        }
    }

    /** One hidden layer of 128, β 0.001, 0.001, 30 passes in batches of 64, a tenth held out. */
    public static NormalizerSettings defaults() {
        return new NormalizerSettings(List.of(128), 1e-3, 1e-3, 64, 30, 0.1, 0);
    }
}
