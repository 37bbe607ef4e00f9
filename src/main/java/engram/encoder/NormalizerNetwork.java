package engram.encoder;

import engram.tensor.Initialization;
import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The computation of a variational autoencoder (Kingma and Welling, 2014), without its numbers: an observation to the mean
 * and the log-variance of every latent number, and latent numbers back to an observation.
 *
 * @param width of an observation
 * @param layers the widths of the encoder's hidden layers
 */
record NormalizerNetwork(int width, List<Integer> layers) {
    static final String MEAN = "mean";
    private static final String LOG_VARIANCE = "logVariance";
    private static final double LEAST_LOG_VARIANCE = -10;
    private static final double GREATEST_LOG_VARIANCE = 10;

    static String encoder(int layer) {
        return "encoder." + layer;
    }

    static String decoder(int layer) {
        return "decoder." + layer;
    }

    ParameterValues initial(RandomGenerator random) {
        List<ParameterValues.Entry> entries = new ArrayList<>();
        int from = width;
        for (int layer = 0; layer < layers.size(); layer++) {
            entries.addAll(Initialization.HE.linear(encoder(layer), from, layers.get(layer), random));
            from = layers.get(layer);
        }
        entries.addAll(Initialization.XAVIER.linear(MEAN, from, StateNormalizer.WIDTH, random));
        entries.addAll(Initialization.XAVIER.linear(LOG_VARIANCE, from, StateNormalizer.WIDTH, random));
        from = StateNormalizer.WIDTH;
        for (int layer = 0; layer < layers.size(); layer++) {
            int to = layers.get(layers.size() - 1 - layer);
            entries.addAll(Initialization.HE.linear(decoder(layer), from, to, random));
            from = to;
        }
        entries.addAll(Initialization.XAVIER.linear(decoder(layers.size()), from, width, random));
        return new ParameterValues(entries);
    }

    /**
     * What a batch loses.
     *
     * @param rows standardised observations
     * @param noise of the standard normal distribution, a row of latent numbers for each
     * @param divergence β
     */
    Loss loss(Scope scope, Parameters parameters, Tensor rows, Tensor noise, double divergence) {
        Tensor hidden = hidden(scope, parameters, rows);
        Tensor mean = linear(scope, parameters, MEAN, hidden);
        Tensor logVariance =
                linear(scope, parameters, LOG_VARIANCE, hidden).clip(LEAST_LOG_VARIANCE, GREATEST_LOG_VARIANCE);
        Tensor latent = mean.plus(logVariance.times(0.5).exp().times(noise));
        Tensor reconstruction =
                decode(scope, parameters, latent).minus(rows).square().mean();
        Tensor apart = mean.square()
                .plus(logVariance.exp())
                .minus(logVariance)
                .plus(-1)
                .mean()
                .times(0.5);
        return new Loss(reconstruction, apart, reconstruction.plus(apart.times(divergence)));
    }

    /** The mean squared error of standardised rows that go through the means of their latent numbers. */
    double error(Scope scope, Parameters parameters, Tensor rows) {
        Tensor mean = linear(scope, parameters, MEAN, hidden(scope, parameters, rows));
        return decode(scope, parameters, mean).minus(rows).square().mean().item();
    }

    private Tensor hidden(Scope scope, Parameters parameters, Tensor rows) {
        Tensor values = rows;
        for (int layer = 0; layer < layers.size(); layer++) {
            values = linear(scope, parameters, encoder(layer), values).relu();
        }
        return values;
    }

    private Tensor decode(Scope scope, Parameters parameters, Tensor latent) {
        Tensor values = latent;
        for (int layer = 0; layer < layers.size(); layer++) {
            values = linear(scope, parameters, decoder(layer), values).relu();
        }
        return linear(scope, parameters, decoder(layers.size()), values);
    }

    private static Tensor linear(Scope scope, Parameters parameters, String layer, Tensor rows) {
        return rows.linear(parameters.tensor(scope, layer + ".weight"), parameters.tensor(scope, layer + ".bias"));
    }

    /**
     * What a batch loses, each one number.
     *
     * @param reconstruction the mean squared error over rows and numbers
     * @param divergence the mean over rows and latent numbers of the divergence from the standard normal distribution
     * @param total what is learned from
     */
    record Loss(Tensor reconstruction, Tensor divergence, Tensor total) {}
}
