package engram.agent;

/** What an error between an expected and an observed return costs. */
public enum QLoss {
    /** The square of the error, {@code torch.nn.functional.mse_loss}. */
    SQUARED {
        @Override
        double of(double error) {
            return error * error;
        }

        @Override
        double slope(double error) {
            return 2 * error;
        }
    },
    /** Half the square up to an error of 1, then linear: {@code torch.nn.functional.smooth_l1_loss} (Huber, 1964). */
    HUBER {
        @Override
        double of(double error) {
            double size = Math.abs(error);
            return size < 1 ? 0.5 * error * error : size - 0.5;
        }

        @Override
        double slope(double error) {
            return Math.clamp(error, -1, 1);
        }
    };

    abstract double of(double error);

    /** The derivative. */
    abstract double slope(double error);
}
