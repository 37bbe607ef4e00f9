package engram.agent;

/** How far two critics are from what they should say; half the sum of their squares is the loss. */
final class CriticError {
    private final Rows rows;
    private final double[] returns;
    private final double[][] errors;

    CriticError(Rows rows, double[] returns) {
        this.rows = rows;
        this.returns = returns;
        this.errors = new double[2][returns.length];
    }

    /** Compares what both critics say of every row. */
    void measure(float[] first, float[] second) {
        for (int row = 0; row < returns.length; row++) {
            errors[0][row] = first[row] - returns[row];
            errors[1][row] = second[row] - returns[row];
        }
    }

    /** The derivative of the mean loss by what one critic says of every row. */
    float[] slopes(int critic) {
        float[] slopes = new float[returns.length];
        for (int row = 0; row < slopes.length; row++) {
            slopes[row] = (float) (rows.weights()[row] * errors[critic][row] / slopes.length);
        }
        return slopes;
    }

    /** The mean weighted loss of the rows {@code from} to before {@code to}. */
    double loss(int from, int to) {
        double sum = 0;
        for (int row = from; row < to; row++) {
            double squares = errors[0][row] * errors[0][row] + errors[1][row] * errors[1][row];
            sum += rows.weights()[row] * 0.5 * squares;
        }
        return sum / (to - from);
    }

    /** The mean size of both errors of these rows. */
    float[] sizes(int from, int to) {
        float[] sizes = new float[to - from];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = (float) (0.5 * (Math.abs(errors[0][from + i]) + Math.abs(errors[1][from + i])));
        }
        return sizes;
    }
}
