package engram.tensor;

import engram.tensor.kernel.AdamStep;
import engram.tensor.kernel.NativeKernels;
import java.lang.foreign.MemorySegment;

/**
 * Adam (Kingma and Ba, 2015) over the flat buffer of {@link Parameters}: one pass that reads the gradient, moves both
 * moments and the parameter, and clears the gradient. Computes what {@code torch.optim.Adam} computes. The moments are
 * in memory of ours, so they can be saved and a restored optimizer goes on bit for bit. Used by one thread at a time.
 */
public final class Adam {
    /** Numbers that pass through the first-level cache at a time. */
    private static final int CHUNK = 2048;

    private final Parameters parameters;
    private final AdamSettings settings;
    private final float[] first;
    private final float[] second;
    private final float[] value = new float[CHUNK];
    private final float[] gradient = new float[CHUNK];
    private final float[] firstChunk = new float[CHUNK];
    private final float[] secondChunk = new float[CHUNK];
    private long steps;

    public Adam(Parameters parameters, AdamSettings settings) {
        this.parameters = parameters;
        this.settings = settings;
        this.first = new float[parameters.size()];
        this.second = new float[parameters.size()];
    }

    /** Takes one step at the learning rate of the settings. */
    public void step() {
        step(settings.learningRate());
    }

    /**
     * Takes one step along the gathered gradients and clears them. Parameters that no gradient has ever reached stay as
     * they are.
     *
     * @param learningRate for this step, from a schedule
     */
    public void step(double learningRate) {
        step(learningRate, Double.isInfinite(settings.maximumNorm()) ? 0 : parameters.gradientNorm());
    }

    /**
     * Takes one step along gradients whose length is known already.
     *
     * @param norm as {@link Parameters#gradientNorm} gives it
     */
    public void step(double learningRate, double norm) {
        steps++;
        double firstCorrection = 1 - Math.pow(settings.firstDecay(), (double) steps);
        double secondCorrection = 1 - Math.pow(settings.secondDecay(), (double) steps);
        AdamStep step = new AdamStep(
                clipping(norm),
                (float) settings.weightDecay(),
                (float) (1 - settings.firstDecay()),
                (float) settings.secondDecay(),
                (float) (1 - settings.secondDecay()),
                (float) (learningRate / firstCorrection),
                (float) (1 / Math.sqrt(secondCorrection)),
                (float) settings.epsilon());
        for (Parameters.Slice slice : parameters.slices()) {
            MemorySegment gradients = slice.gradient();
            if (gradients == null) {
                continue;
            }
            if (NativeKernels.ARE_LINKED) {
                NativeKernels.adam(slice.memory, gradients, first, second, slice.start, slice.length, step);
            } else {
                inChunks(slice, gradients, step);
            }
            gradients.fill((byte) 0);
        }
        parameters.changed();
    }

    private void inChunks(Parameters.Slice slice, MemorySegment gradients, AdamStep step) {
        for (int from = 0; from < slice.length; from += CHUNK) {
            int count = Math.min(CHUNK, slice.length - from);
            int start = slice.start + from;
            Parameters.read(slice.memory, from, value, count);
            Parameters.read(gradients, from, gradient, count);
            System.arraycopy(first, start, firstChunk, 0, count);
            System.arraycopy(second, start, secondChunk, 0, count);
            step.apply(value, gradient, firstChunk, secondChunk, count);
            System.arraycopy(firstChunk, 0, first, start, count);
            System.arraycopy(secondChunk, 0, second, start, count);
            Parameters.write(value, slice.memory, from, count);
        }
    }

    /** A copy of what is needed to go on later. */
    public AdamState state() {
        return new AdamState(steps, first, second);
    }

    /**
     * Goes on from an earlier state.
     *
     * @throws IllegalArgumentException if it belongs to another number of parameters
     */
    public void restore(AdamState state) {
        float[] restored = state.first();
        if (restored.length != first.length) {
            throw new IllegalArgumentException(
                    "The state has " + restored.length + " parameters, the network " + first.length + ".");
        }
        System.arraycopy(restored, 0, first, 0, first.length);
        System.arraycopy(state.second(), 0, second, 0, second.length);
        steps = state.steps();
    }

    /** PyTorch's clip_grad_norm_: scale by maximum / (norm + 1e-6) where that is below 1. */
    private float clipping(double norm) {
        return (float) Math.min(1, settings.maximumNorm() / (norm + 1e-6));
    }
}
