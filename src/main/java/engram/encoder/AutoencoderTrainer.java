package engram.encoder;

import engram.error.InvalidInput;
import engram.run.Progress;
import engram.tensor.ParameterValues;
import engram.tensor.Scope;
import engram.tensor.TensorEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Trains the multi-resolution autoencoder: Adam on 0.5 · full + 0.3 · compressed + 0.2 · abstract mean squared
 * reconstruction error over the slots that are present, and a distance term with a weight of its own. The best epoch by
 * the same loss on the validation share is kept. On the CPU the same states, settings and number of threads give the same
 * weights bit for bit. Thread-safe: each call trains a network of its own, on the calling platform thread.
 */
public final class AutoencoderTrainer {
    private final TensorEngine engine;

    /** @param engine where networks are trained; PyTorch loads with the first training */
    public AutoencoderTrainer(TensorEngine engine) {
        this.engine = engine;
    }

    /**
     * Trains a network.
     *
     * @param features one row a state, all of the same length of 1 or more, numbers in [0,1]; at least two rows; not
     *     changed, not kept
     * @param present for each number whether the state said it; the others do not count in the reconstruction; not
     *     changed, not kept
     * @param progress told the losses after every epoch as {@code loss}, {@code validationLoss},
     *     {@code validationFull}, {@code validationCompressed}, {@code validationAbstract} and {@code stress}
     * @throws InvalidInput if the rows do not fit together
     * @throws java.util.concurrent.CancellationException if the run was cancelled
     */
    public TrainedAutoencoder train(
            float[][] features, boolean[][] present, AutoencoderTraining settings, Progress progress) {
        check(features, present);
        RandomGenerator random = new SplittableRandom(settings.seed());
        TrainingStates states = TrainingStates.split(features, present, settings.validationShare(), random);
        AutoencoderStart start =
                switch (settings.start()) {
                    case RANDOM -> AutoencoderStart.random(states.width(), random);
                    case PRINCIPAL ->
                        AutoencoderStart.principal(states.width(), states.trainingRows(), states.columns(), random);
                };
        ParameterValues narrow = states.narrow(start.values());
        Course course = new Course(settings, progress);
        try (Scope scope = engine.scope();
                AutoencoderNetwork network = new AutoencoderNetwork(
                        engine, narrow, settings.learningRate(), settings.neighbourhood(), start.lossless())) {
            for (int epoch = 1; epoch <= settings.epochs() && !course.stale(); epoch++) {
                double trainingLoss = learn(scope, network, states, settings, epoch, random, progress);
                course.add(epoch, trainingLoss, validate(scope, network, states, settings.batch()), network);
            }
        }
        return new TrainedAutoencoder(
                weights(states.widen(start.values(), course.best())), course.curve, course.bestEpoch);
    }

    private static double learn(
            Scope scope,
            AutoencoderNetwork network,
            TrainingStates states,
            AutoencoderTraining settings,
            int epoch,
            RandomGenerator random,
            Progress progress) {
        List<int[]> batches = states.shuffledBatches(settings.batch(), random);
        double sum = 0;
        for (int i = 0; i < batches.size(); i++) {
            progress.checkCancelled();
            double done = (epoch - 1 + (double) i / batches.size()) / settings.epochs();
            double rate =
                    switch (settings.schedule()) {
                        case CONSTANT -> settings.learningRate();
                        case COSINE -> settings.learningRate() * (1 + Math.cos(Math.PI * done)) / 2;
                    };
            try (Scope step = scope.open()) {
                int[] batch = batches.get(i);
                sum += network.step(step, states.features(step, batch), states.present(step, batch), rate);
            }
        }
        return sum / batches.size();
    }

    private static TrainedAutoencoder.Losses validate(
            Scope scope, AutoencoderNetwork network, TrainingStates states, int batch) {
        double full = 0;
        double compressed = 0;
        double abstracted = 0;
        double stress = 0;
        double total = 0;
        int count = 0;
        for (int[] rows : states.validationBatches(batch)) {
            try (Scope step = scope.open()) {
                TrainedAutoencoder.Losses losses =
                        network.losses(step, states.features(step, rows), states.present(step, rows));
                full += rows.length * losses.full();
                compressed += rows.length * losses.compressed();
                abstracted += rows.length * losses.abstracted();
                stress += rows.length * losses.stress();
                total += rows.length * losses.total();
                count += rows.length;
            }
        }
        return new TrainedAutoencoder.Losses(
                full / count, compressed / count, abstracted / count, stress / count, total / count);
    }

    static Weights weights(ParameterValues values) {
        SequencedMap<String, Weight> byName = new LinkedHashMap<>();
        for (ParameterValues.Entry entry : values.entries()) {
            int[] shape = entry.shape().stream().mapToInt(Integer::intValue).toArray();
            byName.put(entry.name(), Weight.of(entry.values(), shape));
        }
        return new Weights(byName);
    }

    private static void check(float[][] features, boolean[][] present) {
        if (features.length < 2) {
            throw new InvalidInput("features", "has " + features.length + " rows, but training needs at least 2");
        }
        if (present.length != features.length) {
            throw new InvalidInput("present", "has " + present.length + " rows, but features has " + features.length);
        }
        int width = features[0].length;
        if (width < 1) {
            throw new InvalidInput("features[0]", "is empty");
        }
        for (int row = 0; row < features.length; row++) {
            if (features[row].length != width || present[row].length != width) {
                throw new InvalidInput(
                        "features[" + row + "]",
                        "has " + features[row].length + " numbers and " + present[row].length + " marks, but row 0 has "
                                + width);
            }
            for (float value : features[row]) {
                if (!(value >= 0 && value <= 1)) {
                    throw new InvalidInput("features[" + row + "]", "holds " + value + ", which is not in [0,1]");
                }
            }
        }
    }

    /** The curve so far and the best parameters on it. */
    private static final class Course {
        private final AutoencoderTraining settings;
        private final Progress progress;
        private final List<TrainedAutoencoder.Epoch> curve = new ArrayList<>();
        private ParameterValues best = new ParameterValues(List.of());
        private double bestLoss = Double.POSITIVE_INFINITY;
        private int bestEpoch = 1;

        private Course(AutoencoderTraining settings, Progress progress) {
            this.settings = settings;
            this.progress = progress;
        }

        private void add(
                int epoch, double trainingLoss, TrainedAutoencoder.Losses validation, AutoencoderNetwork network) {
            curve.add(new TrainedAutoencoder.Epoch(epoch, trainingLoss, validation));
            if (validation.total() < bestLoss || curve.size() == 1) {
                bestLoss = validation.total();
                bestEpoch = epoch;
                best = network.values();
            }
            progress.report(
                    (double) epoch / settings.epochs(),
                    String.format(
                            Locale.ROOT,
                            "epoch %d of %d, validation loss %.6f",
                            epoch,
                            settings.epochs(),
                            validation.total()),
                    Map.of(
                            "loss", trainingLoss,
                            "validationLoss", validation.total(),
                            "validationFull", validation.full(),
                            "validationCompressed", validation.compressed(),
                            "validationAbstract", validation.abstracted(),
                            "stress", validation.stress()));
        }

        private boolean stale() {
            return settings.patience() > 0 && curve.size() - bestEpoch >= settings.patience();
        }

        private ParameterValues best() {
            return best;
        }
    }
}
