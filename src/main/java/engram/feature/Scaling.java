package engram.feature;

/** The two ways a number becomes a feature in [0,1], and back. */
final class Scaling {
    /** Beyond this a bound says nothing: Gymnasium writes the largest float where it means no bound. */
    static final double UNBOUNDED = 1e30;

    /** The largest magnitude of v/(1+|v|) that goes back to a finite number, about ±1.7e7, what a float can tell. */
    private static final double LARGEST_SQUASHED = 1 - 0x1p-24;

    /** Of all numbers that become the same feature, the one with the fewest decimals is taken back. */
    private static final double[] STEPS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};

    private Scaling() {}

    static boolean isUnbounded(double low, double high) {
        return Math.abs(low) >= UNBOUNDED || Math.abs(high) >= UNBOUNDED;
    }

    /** Any finite number to [0,1]; 0 becomes 0.5. */
    static float squash(double value) {
        return (float) ((1 + value / (1 + Math.abs(value))) / 2);
    }

    static double unsquash(float feature) {
        double squashed = Math.clamp(2.0 * feature - 1, -LARGEST_SQUASHED, LARGEST_SQUASHED);
        double value = squashed / (1 - Math.abs(squashed));
        for (double step : STEPS) {
            double rounded = Math.rint(value * step) / step;
            if (squash(rounded) == feature) {
                return rounded;
            }
        }
        return value;
    }

    /** Where the value lies between the bounds: 0 to 1, beyond that outside. */
    static double position(double value, double min, double max) {
        return (value - min) / (max - min);
    }

    static double between(float feature, double min, double max) {
        double value = min + feature * (max - min);
        for (double step : STEPS) {
            double rounded = Math.rint(value * step) / step;
            if ((float) position(rounded, min, max) == feature) {
                return rounded;
            }
        }
        return value;
    }
}
