package engram.encoder;

import engram.error.InvalidInput;
import engram.run.Progress;
import engram.tensor.Adam;
import engram.tensor.AdamSettings;
import engram.tensor.Gradient;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import engram.tensor.TensorEngine;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Trains the variational autoencoder of an environment from its observations. On the CPU the same observations and
 * settings give the same weights bit for bit. Thread-safe: each call trains a network of its own, on the calling platform
 * thread.
 */
public final class NormalizerTrainer {
    private static final int LEAST = 20;

    private final TensorEngine engine;

    /** @param engine where networks are trained; PyTorch loads with the first training */
    public NormalizerTrainer(TensorEngine engine) {
        this.engine = engine;
    }

    /**
     * Trains a normaliser.
     *
     * @param environment the name of the environment; empty where it has none
     * @param observations at least 20, all of one width; not changed, not kept
     * @param progress told after every epoch {@code loss}, {@code reconstruction}, {@code divergence} (of the training)
     *     and {@code heldOut}
     * @return a trained one, however well it does
     * @throws InvalidInput if the observations do not fit together or are too few
     * @throws java.util.concurrent.CancellationException if the run was cancelled
     */
    public StateNormalizer train(
            String environment, float[][] observations, NormalizerSettings settings, Progress progress) {
        check(observations);
        SplitMix random = new SplitMix(settings.seed());
        float[][] rows = observations.clone();
        shuffle(rows, random);
        int heldOut = Math.max(1, (int) Math.round(settings.heldOut() * rows.length));
        int training = rows.length - heldOut;
        RunningStatistics statistics = new RunningStatistics(rows[0].length);
        for (int row = 0; row < training; row++) {
            statistics.add(rows[row]);
        }
        float[] means = statistics.means();
        float[] deviations = statistics.deviations();
        for (int row = 0; row < rows.length; row++) {
            rows[row] = StateNormalizer.standardised(rows[row], means, deviations);
        }
        NormalizerNetwork network = new NormalizerNetwork(rows[0].length, settings.layers());
        try (Scope scope = engine.scope();
                Parameters parameters = new Parameters(engine, network.initial(random::nextLong))) {
            Adam adam = new Adam(parameters, AdamSettings.of(settings.learningRate()));
            int[] order = new int[training];
            for (int row = 0; row < training; row++) {
                order[row] = row;
            }
            for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
                shuffle(order, random);
                double[] sums = new double[3];
                for (int from = 0; from < training; from += settings.batch()) {
                    progress.checkCancelled();
                    int to = Math.min(training, from + settings.batch());
                    learn(scope, network, parameters, batch(rows, order, from, to), settings, random, sums);
                    adam.step();
                }
                Map<String, Double> figures = new LinkedHashMap<>();
                figures.put("loss", sums[0] / training);
                figures.put("reconstruction", sums[1] / training);
                figures.put("divergence", sums[2] / training);
                figures.put("heldOut", error(scope, network, parameters, rows, training, rows.length));
                progress.report((double) epoch / settings.epochs(), "epoch " + epoch, figures);
            }
            StateNormalizer.Quality quality = new StateNormalizer.Quality(
                    error(scope, network, parameters, rows, 0, training),
                    error(scope, network, parameters, rows, training, rows.length),
                    rows.length);
            return StateNormalizer.trained(environment, statistics, parameters.values(), quality);
        }
    }

    private static void learn(
            Scope scope,
            NormalizerNetwork network,
            Parameters parameters,
            float[][] batch,
            NormalizerSettings settings,
            SplitMix random,
            double[] sums) {
        float[] noise = new float[batch.length * StateNormalizer.WIDTH];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        try (Scope step = scope.open()) {
            Tensor rows = step.matrix(batch);
            Tensor drawn = step.tensor(noise, batch.length, StateNormalizer.WIDTH);
            sums[0] += batch.length
                    * Gradient.of(() -> {
                                NormalizerNetwork.Loss loss =
                                        network.loss(step, parameters, rows, drawn, settings.divergence());
                                sums[1] += batch.length * loss.reconstruction().item();
                                sums[2] += batch.length * loss.divergence().item();
                                return loss.total();
                            })
                            .item();
        }
    }

    private static double error(
            Scope scope, NormalizerNetwork network, Parameters parameters, float[][] rows, int from, int to) {
        double sum = 0;
        int most = 1_024;
        for (int at = from; at < to; at += most) {
            float[][] part = Arrays.copyOfRange(rows, at, Math.min(to, at + most));
            try (Scope step = scope.open()) {
                sum += part.length * network.error(step, parameters, step.matrix(part));
            }
        }
        return sum / (to - from);
    }

    private static float[][] batch(float[][] rows, int[] order, int from, int to) {
        float[][] batch = new float[to - from][];
        for (int row = from; row < to; row++) {
            batch[row - from] = rows[order[row]];
        }
        return batch;
    }

    private static void shuffle(float[][] rows, SplitMix random) {
        for (int left = rows.length; left > 1; left--) {
            int other = random.nextInt(left);
            float[] row = rows[left - 1];
            rows[left - 1] = rows[other];
            rows[other] = row;
        }
    }

    private static void shuffle(int[] places, SplitMix random) {
        for (int left = places.length; left > 1; left--) {
            int other = random.nextInt(left);
            int place = places[left - 1];
            places[left - 1] = places[other];
            places[other] = place;
        }
    }

    private static void check(float[][] observations) {
        if (observations.length < LEAST) {
            throw new InvalidInput(
                    "observations", "has " + observations.length + " rows, but must have " + LEAST + " or more");
        }
        for (int row = 0; row < observations.length; row++) {
            if (observations[row].length != observations[0].length || observations[0].length == 0) {
                throw new InvalidInput(
                        "observations[" + row + "]",
                        "has " + observations[row].length + " numbers, but the first has " + observations[0].length);
            }
            for (float number : observations[row]) {
                if (!Float.isFinite(number)) {
                    throw new InvalidInput("observations[" + row + "]", "holds something that is no number");
                }
            }
        }
    }
}
