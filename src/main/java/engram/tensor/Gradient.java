package engram.tensor;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * Turns a computation into gradients. PyTorch keeps its gradient mode per operating-system thread, so this works on the
 * calling thread only, several threads may train different networks at once, and virtual threads are refused.
 */
public final class Gradient {
    private static final ThreadLocal<Boolean> RECORDING = ThreadLocal.withInitial(() -> false);

    private Gradient() {}

    /**
     * Computes a loss and adds its gradients to those of every parameter it depends on.
     *
     * @param loss computes one number from parameters; runs once, on this thread
     * @return that number, detached from the computation
     * @throws IllegalStateException on a virtual thread or inside another call of this method
     */
    public static Tensor of(Supplier<Tensor> loss) {
        refuseVirtualThread();
        if (RECORDING.get()) {
            throw new IllegalStateException("Gradients are being recorded on this thread already.");
        }
        RECORDING.set(true);
        JniUtils.setGradMode(true);
        try {
            Tensor value = loss.get();
            if (value.size() != 1) {
                throw new IllegalArgumentException("A loss is one number, not " + value.size() + ".");
            }
            try (PtNDArray one = one(value.array())) {
                JniUtils.backward(value.array(), one, false, false);
            } catch (EngineException e) {
                throw new IllegalArgumentException("The loss has no gradient: it depends on no parameter.", e);
            }
            return value.detach();
        } finally {
            JniUtils.setGradMode(false);
            RECORDING.set(false);
        }
    }

    static void prepareThread() {
        refuseVirtualThread();
        if (!RECORDING.get()) {
            JniUtils.setGradMode(false);
        }
    }

    private static PtNDArray one(PtNDArray like) {
        return JniUtils.onesLike(like, like.getDataType(), like.getDevice(), like.getSparseFormat());
    }

    private static void refuseVirtualThread() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("Tensors belong on platform threads: gradient mode is kept per thread.");
        }
    }
}
