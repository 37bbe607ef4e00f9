package engram.tensor;

/** Sums of squares. */
final class Squares {
    private Squares() {}

    /** Eight running sums, because one would make every addition wait for the one before. */
    static double sum(float[] values, int count) {
        double[] sums = new double[8];
        int i = 0;
        for (; i + 8 <= count; i += 8) {
            for (int lane = 0; lane < 8; lane++) {
                double value = values[i + lane];
                sums[lane] += value * value;
            }
        }
        for (; i < count; i++) {
            sums[0] += (double) values[i] * values[i];
        }
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total;
    }
}
