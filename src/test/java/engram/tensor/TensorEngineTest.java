package engram.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.InvalidInput;
import org.junit.jupiter.api.Test;

class TensorEngineTest {
    @Test
    void loadsNothingBeforeItIsUsed() {
        TensorEngine engine = Engines.cpu();
        assertThat(engine.isLoaded()).isFalse();
        assertThat(engine.nativeTensors()).isZero();
        engine.scope().close();
        assertThat(engine.isLoaded()).isTrue();
    }

    @Test
    void reportsWhereTensorsLiveAndWhy() {
        DeviceReport report = Engines.cpu().device();
        assertThat(report.device()).isEqualTo("cpu");
        assertThat(report.gpu()).isFalse();
        assertThat(report.library()).startsWith("2.7.1");
        assertThat(report.threads()).isEqualTo(1);
        assertThat(report.reason()).contains("asked for");
    }

    @Test
    void fallsBackToTheCpuOrSaysWhyThereIsNoGpu() {
        DeviceReport report = new TensorEngine(new TensorSettings(DeviceChoice.AUTO, 1)).device();
        TensorEngine gpu = new TensorEngine(new TensorSettings(DeviceChoice.GPU, 1));
        if (report.gpu()) {
            assertThat(gpu.device().gpu()).isTrue();
        } else {
            assertThat(report.reason()).contains("no GPU");
            assertThatThrownBy(gpu::scope)
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageContaining("device")
                    .hasMessageContaining("PYTORCH_LIBRARY_PATH");
        }
    }

    @Test
    void readsTheChoiceOfADevice() {
        assertThat(DeviceChoice.parse("engram.tensor.device", " Auto ")).isEqualTo(DeviceChoice.AUTO);
        assertThat(DeviceChoice.parse("engram.tensor.device", "cpu")).isEqualTo(DeviceChoice.CPU);
        assertThat(DeviceChoice.parse("engram.tensor.device", "GPU")).isEqualTo(DeviceChoice.GPU);
        assertThatThrownBy(() -> DeviceChoice.parse("engram.tensor.device", "tpu"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("engram.tensor.device");
        assertThatThrownBy(() -> new TensorSettings(DeviceChoice.CPU, -1)).isInstanceOf(InvalidInput.class);
    }
}
