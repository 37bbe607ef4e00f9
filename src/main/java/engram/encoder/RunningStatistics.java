package engram.encoder;

/**
 * Mean and deviation of every number of many rows, kept up one row at a time (Welford, 1962). Not thread-safe.
 */
final class RunningStatistics {
    /** Numbers that vary less count as constant. */
    private static final double CONSTANT = 1e-6;

    private final double[] means;
    private final double[] squares;
    private long count;

    RunningStatistics(int width) {
        means = new double[width];
        squares = new double[width];
    }

    void add(float[] row) {
        count++;
        for (int i = 0; i < means.length; i++) {
            double difference = row[i] - means[i];
            means[i] += difference / count;
            squares[i] += difference * (row[i] - means[i]);
        }
    }

    float[] means() {
        float[] values = new float[means.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) means[i];
        }
        return values;
    }

    /** Of the population; 1 where a number has not varied. */
    float[] deviations() {
        float[] values = new float[means.length];
        for (int i = 0; i < values.length; i++) {
            double deviation = Math.sqrt(squares[i] / Math.max(1, count));
            values[i] = deviation < CONSTANT ? 1 : (float) deviation;
        }
        return values;
    }
}
