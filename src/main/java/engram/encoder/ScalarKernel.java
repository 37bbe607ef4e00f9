package engram.encoder;

/** The kernel without the Vector API: loops over neighbouring numbers that a compiler can turn into vector code. */
final class ScalarKernel implements DenseKernel {
    private final int inputs;
    private final int outputs;
    private final float[] byInput;
    private final float[] bias;

    private ScalarKernel(float[] byOutput, float[] bias) {
        this.outputs = bias.length;
        this.inputs = byOutput.length / outputs;
        this.bias = bias.clone();
        this.byInput = new float[byOutput.length];
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < inputs; input++) {
                byInput[input * outputs + output] = byOutput[output * inputs + input];
            }
        }
    }

    @Override
    public float[][] apply(float[][] rows) {
        float[][] results = new float[rows.length][outputs];
        int[] active = new int[inputs];
        for (int row = 0; row < rows.length; row++) {
            int count = active(rows[row], active);
            float[] sums = results[row];
            System.arraycopy(bias, 0, sums, 0, outputs);
            int k = 0;
            for (; k + 4 <= count; k += 4) {
                addFour(rows[row], active, k, sums);
            }
            for (; k < count; k++) {
                addOne(rows[row][active[k]], active[k] * outputs, sums);
            }
        }
        return results;
    }

    private int active(float[] row, int[] active) {
        int count = 0;
        for (int i = 0; i < inputs; i++) {
            if (row[i] != 0) {
                active[count++] = i;
            }
        }
        return count;
    }

    private void addFour(float[] row, int[] active, int k, float[] sums) {
        float[] matrix = byInput;
        int a = active[k] * outputs;
        int b = active[k + 1] * outputs;
        int c = active[k + 2] * outputs;
        int d = active[k + 3] * outputs;
        float va = row[active[k]];
        float vb = row[active[k + 1]];
        float vc = row[active[k + 2]];
        float vd = row[active[k + 3]];
        for (int j = 0; j < sums.length; j++) {
            float sum = Math.fma(va, matrix[a + j], sums[j]);
            sum = Math.fma(vb, matrix[b + j], sum);
            sum = Math.fma(vc, matrix[c + j], sum);
            sums[j] = Math.fma(vd, matrix[d + j], sum);
        }
    }

    private void addOne(float value, int offset, float[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] = Math.fma(value, byInput[offset + j], sums[j]);
        }
    }

    /** Makes these. */
    static final class Maker implements DenseKernel.Factory {
        @Override
        public DenseKernel create(float[] byOutput, float[] bias) {
            return new ScalarKernel(byOutput, bias);
        }
    }
}
