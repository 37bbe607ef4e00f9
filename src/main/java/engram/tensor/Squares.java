package engram.tensor;

import engram.tensor.kernel.NativeKernels;
import java.lang.foreign.MemorySegment;

/** Sums of squares. */
final class Squares {
    private static final int LANES = 8;

    /** Numbers that pass through the first-level cache at a time; a multiple of the lanes. */
    private static final int CHUNK = 2048;

    private Squares() {}

    /** The sum over the first numbers: in eight running sums, because one would make every addition wait for the last. */
    static double sum(MemorySegment values, int size) {
        if (NativeKernels.ARE_LINKED) {
            return NativeKernels.sumOfSquares(values, size);
        }
        double[] sums = new double[LANES];
        float[] chunk = new float[CHUNK];
        for (int from = 0; from < size; from += CHUNK) {
            int count = Math.min(CHUNK, size - from);
            Parameters.read(values, from, chunk, count);
            add(chunk, count, sums);
        }
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total;
    }

    private static void add(float[] values, int count, double[] sums) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                double value = values[i + lane];
                sums[lane] += value * value;
            }
        }
        for (; i < count; i++) {
            sums[0] += (double) values[i] * values[i];
        }
    }
}
