package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import engram.run.Progress;
import engram.tensor.DeviceChoice;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import org.junit.jupiter.api.Test;

class AutoencoderTrainerTest {
    private final TensorEngine engine = new TensorEngine(new TensorSettings(DeviceChoice.CPU, 1));

    @Test
    void trainingReducesTheValidationLossAndLeavesNoNativeMemory() {
        TrainedAutoencoder trained = new AutoencoderTrainer(engine)
                .train(
                        CorrelatedStates.features(1000, 60, 7),
                        CorrelatedStates.allPresent(1000, 60),
                        AutoencoderTraining.seeded(1).withEpochs(5),
                        Progress.unobserved());
        assertThat(trained.best().validation().total())
                .isLessThan(trained.curve().getFirst().validation().total());
        assertThat(engine.nativeTensors()).isZero();
    }
}
