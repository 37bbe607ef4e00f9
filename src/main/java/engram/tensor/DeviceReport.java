package engram.tensor;

import java.util.Objects;

/**
 * Where tensors really live, and why.
 *
 * @param device {@code cpu} or {@code gpu}
 * @param library the version of PyTorch
 * @param threads how many threads one operation may use on the CPU
 * @param reason one line for a person: what was asked for and what decided
 */
public record DeviceReport(String device, String library, int threads, String reason) {
    public DeviceReport {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(library, "library");
        Objects.requireNonNull(reason, "reason");
    }

    /** Whether tensors live on a GPU. */
    public boolean gpu() {
        return device.equals("gpu");
    }
}
