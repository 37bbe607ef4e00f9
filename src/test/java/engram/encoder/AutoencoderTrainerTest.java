package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import engram.encoder.AutoencoderTraining.Schedule;
import engram.encoder.AutoencoderTraining.Start;
import engram.error.InvalidInput;
import engram.run.Progress;
import engram.tensor.DeviceChoice;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AutoencoderTrainerTest {
    private static final int SLOTS = 60;

    private final TensorEngine engine = new TensorEngine(new TensorSettings(DeviceChoice.CPU, 1));
    private final AutoencoderTrainer trainer = new AutoencoderTrainer(engine);
    private final float[][] features = CorrelatedStates.features(400, SLOTS, 7);
    private final boolean[][] present = CorrelatedStates.allPresent(400, SLOTS);

    @AfterEach
    void leavesNoNativeMemory() {
        assertThat(engine.nativeTensors()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    void learnsFromBothStarts(Start start) {
        AutoencoderTraining settings = new AutoencoderTraining(1, 8, 32, 0.001, Schedule.COSINE, 0.2, 0, 1, start);
        List<Map<String, Double>> reports = new ArrayList<>();
        TrainedAutoencoder trained = trainer.train(features, present, settings, recording(reports));
        assertThat(trained.curve()).hasSize(8).hasSameSizeAs(reports);
        TrainedAutoencoder.Epoch first = trained.curve().getFirst();
        assertThat(trained.best().trainingLoss()).isLessThan(first.trainingLoss());
        assertThat(trained.best().validation().total())
                .isLessThan(first.validation().total() * 0.8)
                .isEqualTo(trained.curve().stream()
                        .mapToDouble(epoch -> epoch.validation().total())
                        .min()
                        .orElseThrow());
        TrainedAutoencoder.Losses best = trained.best().validation();
        assertThat(best.total())
                .isCloseTo(
                        0.5 * best.full() + 0.3 * best.compressed() + 0.2 * best.abstracted() + best.stress(),
                        within(1e-9));
        assertThat(reports.get(trained.bestEpoch() - 1)).containsEntry("validationLoss", best.total());
    }

    @Test
    void theWeightsAreThoseOfTheReportedLosses() {
        AutoencoderTraining settings =
                new AutoencoderTraining(2, 3, 32, 0.001, Schedule.CONSTANT, 0.25, 0, 0, Start.PRINCIPAL);
        TrainedAutoencoder trained = trainer.train(features, present, settings, Progress.unobserved());
        AutoencoderInference inference = new AutoencoderInference(trained.weights());
        float[][] full = inference.encode(features);
        for (Resolution resolution : Resolution.values()) {
            float[][] narrow = Arrays.stream(full)
                    .map(vector -> inference.compress(vector, Resolution.FULL, resolution))
                    .toArray(float[][]::new);
            float[][] rebuilt = inference.reconstruct(narrow, resolution);
            double error = 0;
            for (int row = 0; row < rebuilt.length; row++) {
                error += Distances.squared(rebuilt[row], features[row]) / SLOTS / rebuilt.length;
            }
            // Over all states, of which the validation share is a quarter: the same within chance.
            assertThat(error).isCloseTo(trained.best().validation().error(resolution), within(0.2 * error));
        }
    }

    @Test
    void theSameSeedGivesTheSameWeights() {
        AutoencoderTraining settings = AutoencoderTraining.seeded(5).withEpochs(2);
        Weights weights = train(settings);
        assertThat(train(settings)).isEqualTo(weights);
        assertThat(train(AutoencoderTraining.seeded(6).withEpochs(2))).isNotEqualTo(weights);
    }

    @Test
    void twoTrainingsAtOnceEndAsEachWouldAlone() throws Exception {
        AutoencoderTraining one = AutoencoderTraining.seeded(1).withEpochs(2);
        AutoencoderTraining two = AutoencoderTraining.seeded(2).withEpochs(2);
        List<Weights> alone = List.of(train(one), train(two));
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Weights>> together =
                    threads.invokeAll(List.<Callable<Weights>>of(() -> train(one), () -> train(two)));
            assertThat(List.of(together.get(0).get(), together.get(1).get())).isEqualTo(alone);
        }
    }

    @Test
    void whatIsAbsentDoesNotCount() {
        boolean[][] absent = CorrelatedStates.allPresent(400, SLOTS);
        float[][] disturbed = Arrays.stream(features).map(float[]::clone).toArray(float[][]::new);
        for (int row = 0; row < disturbed.length; row++) {
            for (int slot = 0; slot < 5; slot++) {
                absent[row][slot] = false;
                disturbed[row][slot] = 1;
            }
        }
        AutoencoderTraining settings = AutoencoderTraining.plain(1).withEpochs(4);
        TrainedAutoencoder trained = trainer.train(disturbed, absent, settings, Progress.unobserved());
        AutoencoderInference inference = new AutoencoderInference(trained.weights());
        float[][] rebuilt = inference.reconstruct(inference.encode(disturbed), Resolution.FULL);
        double masked = 0;
        for (float[] row : rebuilt) {
            for (int slot = 0; slot < 5; slot++) {
                masked = Math.max(masked, row[slot]);
            }
        }
        // A loss that counted the ones would have pulled every one of them towards 1.
        assertThat(masked).isLessThan(0.95);
        assertThat(trainer.train(disturbed, CorrelatedStates.allPresent(400, SLOTS), settings, Progress.unobserved())
                        .weights())
                .isNotEqualTo(trained.weights());
    }

    @Test
    void slotsThatNoStateUsesCostNothingAndAreRebuiltAsNothing() {
        float[][] wide = new float[400][300];
        boolean[][] marks = new boolean[400][300];
        for (int row = 0; row < 400; row++) {
            System.arraycopy(features[row], 0, wide[row], 100, SLOTS);
            System.arraycopy(present[row], 0, marks[row], 100, SLOTS);
        }
        TrainedAutoencoder trained =
                trainer.train(wide, marks, AutoencoderTraining.seeded(1).withEpochs(3), Progress.unobserved());
        AutoencoderInference inference = new AutoencoderInference(trained.weights());
        assertThat(inference.features()).isEqualTo(300);
        float[] vector = inference.encode(new float[][] {wide[0]})[0];
        float[] rebuilt = inference.reconstruct(new float[][] {vector}, Resolution.FULL)[0];
        for (int slot = 0; slot < 300; slot++) {
            if (slot < 100 || slot >= 100 + SLOTS) {
                assertThat(rebuilt[slot]).isLessThan(1e-4f);
            }
        }
        float[] surprised = wide[0].clone();
        surprised[7] = 1;
        assertThat(Distances.euclidean(vector, inference.encode(new float[][] {surprised})[0]))
                .isGreaterThan(0.1);
    }

    @Test
    void stopsWhenItGetsNoBetter() {
        AutoencoderTraining settings =
                new AutoencoderTraining(1, 60, 64, 0.5, Schedule.CONSTANT, 0.2, 3, 0, Start.RANDOM);
        TrainedAutoencoder trained = trainer.train(features, present, settings, Progress.unobserved());
        assertThat(trained.curve()).hasSize(trained.bestEpoch() + 3).hasSizeLessThan(60);
    }

    @Test
    void stopsWhenItIsCancelled() {
        int[] checks = {0};
        Progress impatient = new Progress() {
            @Override
            public void report(double fraction, String message, Map<String, Double> metrics) {}

            @Override
            public void checkCancelled() {
                if (++checks[0] > 3) {
                    throw new CancellationException();
                }
            }
        };
        assertThatThrownBy(() -> trainer.train(features, present, AutoencoderTraining.seeded(1), impatient))
                .isInstanceOf(CancellationException.class);
        assertThat(checks[0]).isEqualTo(4);
    }

    @Test
    void trainsOnTwoStatesAndOnEqualOnes() {
        float[][] two = {features[0], features[0].clone()};
        TrainedAutoencoder trained = trainer.train(
                two,
                CorrelatedStates.allPresent(2, SLOTS),
                AutoencoderTraining.seeded(1).withEpochs(2),
                Progress.unobserved());
        assertThat(trained.best().validation().total()).isFinite();
        float[][] nothing = new float[3][SLOTS];
        assertThat(trainer.train(
                                nothing,
                                new boolean[3][SLOTS],
                                AutoencoderTraining.seeded(1).withEpochs(2),
                                Progress.unobserved())
                        .best()
                        .validation()
                        .total())
                .isFinite();
    }

    @Test
    void namesWhatDoesNotFit() {
        AutoencoderTraining settings = AutoencoderTraining.seeded(1);
        assertInvalid("features", new float[1][3], new boolean[1][3], settings);
        assertInvalid("present", new float[2][3], new boolean[1][3], settings);
        assertInvalid("features[1]", new float[][] {{0, 0}, {0}}, new boolean[2][2], settings);
        assertInvalid("features[0]", new float[][] {{2}, {0}}, new boolean[2][1], settings);
        assertInvalid("features[0]", new float[][] {{Float.NaN}, {0}}, new boolean[2][1], settings);
        assertThatThrownBy(() -> new AutoencoderTraining(1, 0, 1, 0, Schedule.COSINE, 1, -1, -1, Start.RANDOM))
                .isInstanceOfSatisfying(InvalidInput.class, e -> assertThat(e.errors())
                        .extracting(error -> error.field())
                        .containsExactly(
                                "epochs", "batch", "learningRate", "validationShare", "patience", "neighbourhood"));
    }

    private void assertInvalid(String field, float[][] rows, boolean[][] marks, AutoencoderTraining settings) {
        assertThatThrownBy(() -> trainer.train(rows, marks, settings, Progress.unobserved()))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(field);
    }

    private Weights train(AutoencoderTraining settings) {
        return trainer.train(features, present, settings, Progress.unobserved()).weights();
    }

    private static Progress recording(List<Map<String, Double>> reports) {
        return new Progress() {
            @Override
            public void report(double fraction, String message, Map<String, Double> metrics) {
                reports.add(metrics);
                assertThat(fraction).isBetween(0.0, 1.0);
            }

            @Override
            public void checkCancelled() {}
        };
    }
}
