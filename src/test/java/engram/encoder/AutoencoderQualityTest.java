package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import engram.feature.Features;
import engram.run.Progress;
import engram.tensor.DeviceChoice;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What training is for: narrow vectors that keep more than principal components do. A short training is enough. */
class AutoencoderQualityTest {
    private final AutoencoderTrainer trainer =
            new AutoencoderTrainer(new TensorEngine(new TensorSettings(DeviceChoice.CPU, 1)));

    @Test
    void keepsMoreNeighboursThanPrincipalComponentsDo() {
        EncoderQuality quality = quality(RecordedStates.gathering(), 2_500, 8);
        assertThat(quality.abstracted().principalKept()).isLessThan(0.9);
        assertThat(quality.abstracted().kept())
                .isGreaterThan(quality.abstracted().principalKept() + 0.02);
        assertThat(quality.compressed().kept()).isGreaterThan(0.97);
        assertThat(quality.full().kept()).isGreaterThan(0.97);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CartPole-v1", "Acrobot-v1", "Pendulum-v1"})
    void losesNothingWherePrincipalComponentsLoseNothing(String environment) {
        EncoderQuality quality = quality(RecordedStates.environment(environment), 1_500, 8);
        for (Resolution resolution : Resolution.values()) {
            assertThat(quality.at(resolution).principalKept()).isGreaterThan(0.999);
            assertThat(quality.at(resolution).kept()).isGreaterThan(0.999);
            assertThat(quality.at(resolution).error()).isLessThan(0.01);
        }
    }

    private EncoderQuality quality(List<Features> recorded, int training, int epochs) {
        List<Features> states = new ArrayList<>(recorded);
        Collections.shuffle(states, new Random(3));
        List<Features> seen = states.subList(0, training);
        List<Features> held = states.subList(training, training + 1_000);
        TrainedAutoencoder trained = trainer.train(
                values(seen), present(seen), AutoencoderTraining.seeded(1).withEpochs(epochs), Progress.unobserved());
        try (Encoder encoder = new AutoencoderEncoder(1, trained.weights(), ScoreScale.ISOMETRIC)) {
            return new QualityMeasurement(values(held), present(held), values(seen), 1, Progress.unobserved())
                    .measure(encoder);
        }
    }

    private static float[][] values(List<Features> states) {
        return states.stream().map(Features::values).toArray(float[][]::new);
    }

    private static boolean[][] present(List<Features> states) {
        return states.stream().map(Features::present).toArray(boolean[][]::new);
    }
}
