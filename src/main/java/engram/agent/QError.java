package engram.agent;

/** How far the values of the actions that were taken are from what they should be, row by row. */
final class QError {
    private final Rows rows;
    private final double[] returns;
    private final QLoss loss;
    private final double[] errors;
    private float[] slopes = {};

    QError(Rows rows, double[] returns, QLoss loss) {
        this.rows = rows;
        this.returns = returns;
        this.loss = loss;
        this.errors = new double[returns.length];
    }

    /**
     * Compares rows of action values; returns the mean of those of the actions taken.
     *
     * @param values rows × actions
     */
    double measure(float[] values, int actions) {
        slopes = new float[values.length];
        double sum = 0;
        for (int row = 0; row < errors.length; row++) {
            int place = row * actions + rows.action(row);
            errors[row] = values[place] - returns[row];
            slopes[place] = (float) (rows.weights()[row] * loss.slope(errors[row]) / errors.length);
            sum += values[place];
        }
        return sum / errors.length;
    }

    /** The derivative of the mean loss by every value, rows × actions. */
    float[] slopes() {
        return slopes;
    }

    /** The mean weighted loss of the rows {@code from} to before {@code to}. */
    double loss(int from, int to) {
        double sum = 0;
        for (int row = from; row < to; row++) {
            sum += rows.weights()[row] * loss.of(errors[row]);
        }
        return sum / (to - from);
    }

    /** The sizes of the errors of these rows. */
    float[] sizes(int from, int to) {
        float[] sizes = new float[to - from];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = (float) Math.abs(errors[from + i]);
        }
        return sizes;
    }
}
