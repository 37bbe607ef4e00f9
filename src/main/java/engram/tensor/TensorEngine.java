package engram.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The way into PyTorch. Making one is free; the native library loads when the first scope opens or the device is asked
 * for, and stays loaded for the life of the process. The library comes from the class path (nothing is downloaded) and
 * is unpacked once into {@code DJL_CACHE_DIR}, or is the one at {@code PYTORCH_LIBRARY_PATH}. Thread-safe.
 */
public final class TensorEngine {
    private static final Object LOADING = new Object();

    private final TensorSettings settings;
    private final Gate gate = new Gate();
    private volatile @Nullable Loaded loaded;

    public TensorEngine(TensorSettings settings) {
        this.settings = settings;
    }

    /**
     * Opens a scope for things that live long, such as the inputs of a network that is used again and again. Loads
     * PyTorch if need be.
     *
     * @throws Unavailable if the native library cannot be loaded, or the engine is closed
     * @throws InvalidInput if a GPU was asked for and there is none
     */
    public Scope scope() {
        PtNDManager manager = load().manager();
        gate.enter();
        try {
            return new Scope(manager, gate);
        } finally {
            gate.leave();
        }
    }

    /** Where tensors live. Loads PyTorch if need be; fails as {@link #scope} does. */
    public DeviceReport device() {
        return load().report();
    }

    /** Whether this engine has loaded PyTorch. */
    public boolean isLoaded() {
        return loaded != null;
    }

    /** How many native tensors of this engine are alive; the same before and after every step when nothing leaks. */
    public int nativeTensors() {
        Loaded now = loaded;
        return now == null ? 0 : now.manager().getManagedArrays().size();
    }

    /**
     * Ends the use of PyTorch by this engine, so that the process can end: no new step of a computation begins, and those
     * under way are waited for. A step is what happens in one {@linkplain Scope#open() inner scope}; scopes that live long
     * may stay open.
     *
     * @param within how long to wait at most
     * @return whether all steps have ended
     */
    public boolean close(Duration within) {
        return gate.close(within);
    }

    PtNDManager manager() {
        return load().manager();
    }

    MatrixProducts products() {
        return load().products();
    }

    private Loaded load() {
        Loaded now = loaded;
        if (now != null) {
            return now;
        }
        synchronized (LOADING) {
            now = loaded;
            if (now == null) {
                gate.enter();
                try {
                    now = load(settings);
                } finally {
                    gate.leave();
                }
                loaded = now;
            }
            return now;
        }
    }

    private static Loaded load(TensorSettings settings) {
        // DJL would look for a newer native library and report its use over the network.
        setUnlessSet("ai.djl.offline", "true");
        setUnlessSet("OPT_OUT_TRACKING", "true");
        NativeBinary.libraries().ifPresent(libraries -> setUnlessSet("PYTORCH_LIBRARY_PATH", libraries.toString()));
        try {
            Engine engine = Engine.getEngine("PyTorch");
            if (settings.threads() > 0) {
                JniUtils.setNumThreads(settings.threads());
            }
            int gpus = engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
            boolean gpu = settings.device() != DeviceChoice.CPU && gpus > 0;
            if (settings.device() == DeviceChoice.GPU && !gpu) {
                throw new InvalidInput(
                        "device",
                        "is gpu, but PyTorch " + engine.getVersion()
                                + " sees none; point PYTORCH_LIBRARY_PATH at a build with CUDA, or use auto or cpu");
            }
            Device device = gpu ? Device.gpu() : Device.cpu();
            PtNDManager onCpu = (PtNDManager) engine.newBaseManager(Device.cpu());
            return new Loaded(
                    (PtNDManager) engine.newBaseManager(device),
                    BlasProducts.in(Path.of(LibUtils.getLibtorchPath())).orElseGet(() -> new TorchProducts(onCpu)),
                    new DeviceReport(
                            gpu ? "gpu" : "cpu",
                            engine.getVersion(),
                            JniUtils.getNumThreads(),
                            reason(settings, gpus)));
        } catch (EngineException | LinkageError e) {
            throw new Unavailable(
                    "PyTorch could not be loaded: " + e.getMessage()
                            + (NativeBinary.isThis()
                                    ? ". Its libraries must be in the directory libtorch beside the binary, or at"
                                            + " PYTORCH_LIBRARY_PATH."
                                    : ". Its native library must be on the class path or at PYTORCH_LIBRARY_PATH, and"
                                            + " DJL_CACHE_DIR must be writable."),
                    Duration.ofMinutes(1),
                    e);
        }
    }

    private static String reason(TensorSettings settings, int gpus) {
        return switch (settings.device()) {
            case CPU -> "the CPU was asked for";
            case GPU -> "a GPU was asked for; PyTorch sees " + gpus;
            case AUTO -> gpus > 0 ? "PyTorch sees " + gpus + " GPU(s)" : "PyTorch sees no GPU";
        };
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getenv(property) == null && System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private record Loaded(PtNDManager manager, MatrixProducts products, DeviceReport report) {}
}
