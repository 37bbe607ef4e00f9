package engram.encoder;

import engram.tensor.kernel.NativeKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The kernel of a native binary, by the loops that are linked into it. */
final class LinkedKernel implements DenseKernel {
    /** Calls hold up garbage collection, so they are to be short; and results stay in the cache until they are copied. */
    private static final int ROWS_AT_ONCE = 64;

    private final int inputs;
    private final int outputs;
    private final int panels;
    private final MemorySegment packed;
    private final MemorySegment bias;

    LinkedKernel(float[] byOutput, float[] bias) {
        int panel = NativeKernels.PANEL;
        this.outputs = bias.length;
        this.inputs = byOutput.length / outputs;
        this.panels = (outputs + panel - 1) / panel;
        Arena arena = Arena.ofAuto();
        this.packed = arena.allocate(ValueLayout.JAVA_FLOAT, (long) panels * inputs * panel);
        this.bias = arena.allocate(ValueLayout.JAVA_FLOAT, (long) panels * panel);
        MemorySegment.copy(bias, 0, this.bias, ValueLayout.JAVA_FLOAT, 0, outputs);
        float[] columns = new float[panels * inputs * panel];
        for (int output = 0; output < outputs; output++) {
            int start = output / panel * inputs * panel + output % panel;
            for (int input = 0; input < inputs; input++) {
                columns[start + input * panel] = byOutput[output * inputs + input];
            }
        }
        MemorySegment.copy(columns, 0, packed, ValueLayout.JAVA_FLOAT, 0, columns.length);
    }

    @Override
    public float[][] apply(float[][] rows) {
        float[][] results = new float[rows.length][outputs];
        int most = Math.min(rows.length, ROWS_AT_ONCE);
        long rowBytes = (long) inputs * Float.BYTES;
        long resultBytes = (long) panels * NativeKernels.PANEL * Float.BYTES;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment given = arena.allocate(most * rowBytes, Float.BYTES);
            MemorySegment computed = arena.allocate(most * resultBytes, Float.BYTES);
            for (int start = 0; start < rows.length; start += most) {
                int count = Math.min(most, rows.length - start);
                for (int i = 0; i < count; i++) {
                    MemorySegment.copy(rows[start + i], 0, given, ValueLayout.JAVA_FLOAT, i * rowBytes, inputs);
                }
                NativeKernels.dense(given, count, inputs, packed, bias, panels, computed);
                for (int i = 0; i < count; i++) {
                    MemorySegment.copy(
                            computed, ValueLayout.JAVA_FLOAT, i * resultBytes, results[start + i], 0, outputs);
                }
            }
        }
        return results;
    }
}
