package engram.tensor;

/** Engines for tests: on the CPU, where one thread gives the same bits everywhere. */
final class Engines {
    private Engines() {}

    static TensorEngine cpu() {
        return new TensorEngine(new TensorSettings(DeviceChoice.CPU, 1));
    }
}
