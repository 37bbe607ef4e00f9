package engram.tensor;

import engram.tensor.kernel.NativeKernels;
import java.lang.foreign.MemorySegment;

/** Moves numbers towards others. */
final class Blending {
    /** Numbers that pass through the first-level cache at a time. */
    private static final int CHUNK = 2048;

    private Blending() {}

    /** {@code values = (1 − share) · values + share · others} for the first numbers. */
    static void move(MemorySegment values, MemorySegment others, int size, float share) {
        if (NativeKernels.ARE_LINKED) {
            NativeKernels.blend(values, others, size, share);
            return;
        }
        float[] own = new float[CHUNK];
        float[] theirs = new float[CHUNK];
        for (int from = 0; from < size; from += CHUNK) {
            int count = Math.min(CHUNK, size - from);
            Parameters.read(values, from, own, count);
            Parameters.read(others, from, theirs, count);
            for (int i = 0; i < count; i++) {
                own[i] += share * (theirs[i] - own[i]);
            }
            Parameters.write(own, values, from, count);
        }
    }
}
