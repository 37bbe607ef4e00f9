package engram.tensor;

import engram.error.InvalidInput;
import java.util.Locale;

/** Where someone wants tensors to live. */
public enum DeviceChoice {
    /** A GPU where PyTorch sees one, else the CPU. */
    AUTO,
    /** The CPU, whatever else there is. */
    CPU,
    /** A GPU, or a failure that says why there is none. */
    GPU;

    /**
     * Reads the value of a setting.
     *
     * @param field the name of the setting, for the failure
     * @param value {@code auto}, {@code cpu} or {@code gpu} in any case
     * @throws InvalidInput for anything else
     */
    public static DeviceChoice parse(String field, String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "auto" -> AUTO;
            case "cpu" -> CPU;
            case "gpu" -> GPU;
            default -> throw new InvalidInput(field, "is \"" + value + "\", but must be auto, cpu or gpu");
        };
    }
}
