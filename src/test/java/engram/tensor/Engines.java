package engram.tensor;

/** Engines for tests: on the CPU, where one thread gives the same bits everywhere. */
public final class Engines {
    private Engines() {}

    public static TensorEngine cpu() {
        return new TensorEngine(new TensorSettings(DeviceChoice.CPU, 1));
    }
}
