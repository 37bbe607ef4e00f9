package engram.encoder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernel on the Vector API. The matrix is cut into panels of two vectors of outputs; four rows at a time run down a
 * panel with all eight sums in registers. Inputs that are 0 in all four rows are skipped.
 */
final class VectorKernel implements DenseKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int PANEL = 2 * LANES;

    private final int inputs;
    private final int outputs;
    private final int panels;
    private final float[] packed;
    private final float[] bias;

    VectorKernel(float[] byOutput, float[] bias) {
        this.outputs = bias.length;
        this.inputs = byOutput.length / outputs;
        this.panels = (outputs + PANEL - 1) / PANEL;
        this.packed = new float[panels * inputs * PANEL];
        this.bias = new float[panels * PANEL];
        System.arraycopy(bias, 0, this.bias, 0, outputs);
        for (int output = 0; output < outputs; output++) {
            int start = output / PANEL * inputs * PANEL + output % PANEL;
            for (int input = 0; input < inputs; input++) {
                packed[start + input * PANEL] = byOutput[output * inputs + input];
            }
        }
    }

    @Override
    public float[][] apply(float[][] rows) {
        float[][] results = new float[rows.length][outputs];
        int[] active = new int[inputs];
        float[] values = new float[4 * inputs];
        float[] sums = new float[4 * panels * PANEL];
        int row = 0;
        for (; row + 4 <= rows.length; row += 4) {
            int count = gatherFour(rows, row, active, values);
            for (int panel = 0; panel < panels; panel++) {
                four(panel, active, values, count, sums);
            }
            for (int i = 0; i < 4; i++) {
                System.arraycopy(sums, i * panels * PANEL, results[row + i], 0, outputs);
            }
        }
        for (; row < rows.length; row++) {
            int count = gatherOne(rows[row], active, values);
            for (int panel = 0; panel < panels; panel++) {
                one(panel, active, values, count, sums);
            }
            System.arraycopy(sums, 0, results[row], 0, outputs);
        }
        return results;
    }

    private int gatherOne(float[] row, int[] active, float[] values) {
        int count = 0;
        for (int i = 0; i < inputs; i++) {
            if (row[i] != 0) {
                active[count] = i;
                values[count++] = row[i];
            }
        }
        return count;
    }

    private int gatherFour(float[][] rows, int first, int[] active, float[] values) {
        float[] a = rows[first];
        float[] b = rows[first + 1];
        float[] c = rows[first + 2];
        float[] d = rows[first + 3];
        int count = 0;
        for (int i = 0; i < inputs; i++) {
            if (a[i] != 0 || b[i] != 0 || c[i] != 0 || d[i] != 0) {
                active[count] = i;
                values[4 * count] = a[i];
                values[4 * count + 1] = b[i];
                values[4 * count + 2] = c[i];
                values[4 * count + 3] = d[i];
                count++;
            }
        }
        return count;
    }

    private void one(int panel, int[] active, float[] values, int count, float[] sums) {
        float[] matrix = packed;
        int start = panel * inputs * PANEL;
        int output = panel * PANEL;
        FloatVector low = FloatVector.fromArray(SPECIES, bias, output);
        FloatVector high = FloatVector.fromArray(SPECIES, bias, output + LANES);
        for (int k = 0; k < count; k++) {
            int offset = start + active[k] * PANEL;
            FloatVector value = FloatVector.broadcast(SPECIES, values[k]);
            low = FloatVector.fromArray(SPECIES, matrix, offset).fma(value, low);
            high = FloatVector.fromArray(SPECIES, matrix, offset + LANES).fma(value, high);
        }
        low.intoArray(sums, output);
        high.intoArray(sums, output + LANES);
    }

    private void four(int panel, int[] active, float[] values, int count, float[] sums) {
        float[] matrix = packed;
        int start = panel * inputs * PANEL;
        int output = panel * PANEL;
        FloatVector low = FloatVector.fromArray(SPECIES, bias, output);
        FloatVector high = FloatVector.fromArray(SPECIES, bias, output + LANES);
        FloatVector lowA = low;
        FloatVector lowB = low;
        FloatVector lowC = low;
        FloatVector lowD = low;
        FloatVector highA = high;
        FloatVector highB = high;
        FloatVector highC = high;
        FloatVector highD = high;
        for (int k = 0; k < count; k++) {
            int offset = start + active[k] * PANEL;
            low = FloatVector.fromArray(SPECIES, matrix, offset);
            high = FloatVector.fromArray(SPECIES, matrix, offset + LANES);
            FloatVector a = FloatVector.broadcast(SPECIES, values[4 * k]);
            FloatVector b = FloatVector.broadcast(SPECIES, values[4 * k + 1]);
            FloatVector c = FloatVector.broadcast(SPECIES, values[4 * k + 2]);
            FloatVector d = FloatVector.broadcast(SPECIES, values[4 * k + 3]);
            lowA = low.fma(a, lowA);
            lowB = low.fma(b, lowB);
            lowC = low.fma(c, lowC);
            lowD = low.fma(d, lowD);
            highA = high.fma(a, highA);
            highB = high.fma(b, highB);
            highC = high.fma(c, highC);
            highD = high.fma(d, highD);
        }
        int width = panels * PANEL;
        lowA.intoArray(sums, output);
        lowB.intoArray(sums, width + output);
        lowC.intoArray(sums, 2 * width + output);
        lowD.intoArray(sums, 3 * width + output);
        highA.intoArray(sums, output + LANES);
        highB.intoArray(sums, width + output + LANES);
        highC.intoArray(sums, 2 * width + output + LANES);
        highD.intoArray(sums, 3 * width + output + LANES);
    }
}
