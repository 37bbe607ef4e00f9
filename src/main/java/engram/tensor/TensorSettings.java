package engram.tensor;

import engram.error.InvalidInput;
import java.util.Objects;

/**
 * How PyTorch is to be used in this process.
 *
 * @param device where tensors live
 * @param threads how many threads one operation may use on the CPU; 0 leaves PyTorch's own choice, the number of cores.
 *     The last engine that loads decides for the whole process. Results are the same bit for bit only for the same
 *     number
 */
public record TensorSettings(DeviceChoice device, int threads) {
    public TensorSettings {
        Objects.requireNonNull(device, "device");
        if (threads < 0) {
            throw new InvalidInput("threads", "is " + threads + ", but must be 0 or more");
        }
    }

    /**
     * The best device there is, with one thread an operation: networks of this size gain little from a second, and threads
     * that wait for one another spin, which costs dearly on cores that others use too.
     */
    public static TensorSettings defaults() {
        return new TensorSettings(DeviceChoice.AUTO, 1);
    }
}
