package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Damaged;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AutoencoderEncoderTest extends EncoderContract {
    private static final int FEATURES = 71;

    @Override
    protected Encoder create() {
        return new AutoencoderEncoder(3, weights(), ScoreScale.ISOMETRIC);
    }

    @Test
    void givesTheSameBitsAloneAndInAnyBatch() {
        float[][] features = features(11);
        float[][] batch = encoder.encode(features);
        float[][] rebuilt = encoder.reconstruct(batch, Resolution.FULL);
        for (int row = 0; row < features.length; row++) {
            assertThat(encoder.encode(new float[][] {features[row]})[0]).isEqualTo(batch[row]);
            assertThat(encoder.reconstruct(new float[][] {batch[row]}, Resolution.FULL)[0])
                    .isEqualTo(rebuilt[row]);
        }
    }

    @Test
    void knowsItsVersionAndInputs() {
        assertThat(encoder.version()).isEqualTo(3);
        assertThat(encoder.inputs()).isEqualTo(FEATURES);
        assertThatThrownBy(() -> new AutoencoderEncoder(0, weights(), ScoreScale.ISOMETRIC))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void reportsAMissingOrMisshapenWeightAsDamage() {
        for (String name : weights().byName().sequencedKeySet()) {
            SequencedMap<String, Weight> missing = new LinkedHashMap<>(weights().byName());
            missing.remove(name);
            assertThatThrownBy(() -> new AutoencoderEncoder(1, new Weights(missing), ScoreScale.ISOMETRIC))
                    .isInstanceOf(Damaged.class)
                    .hasMessageContaining(name);
            SequencedMap<String, Weight> misshapen =
                    new LinkedHashMap<>(weights().byName());
            misshapen.put(name, Weight.of(new float[] {1}, 1));
            assertThatThrownBy(() -> new AutoencoderEncoder(1, new Weights(misshapen), ScoreScale.ISOMETRIC))
                    .isInstanceOf(Damaged.class)
                    .hasMessageContaining(name);
        }
    }

    private static Weights weights() {
        return AutoencoderTrainer.weights(
                AutoencoderStart.random(FEATURES, new SplittableRandom(5)).values());
    }
}
