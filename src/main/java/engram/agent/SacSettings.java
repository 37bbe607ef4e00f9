package engram.agent;

import engram.error.InvalidInput;

/**
 * How soft actor-critic learns.
 *
 * @param network of the actor and of both critics
 * @param learningRate of Adam for actor, critics and temperature, a schedule over the training
 * @param discount γ, in [0,1]
 * @param blend τ: how far the target critics move towards the critics when they are renewed, in (0,1]
 * @param maximumNorm longer gradients of one network are scaled down to it; above 0, infinite for no limit
 * @param temperature α at the start, what a unit of entropy is worth beside reward; above 0
 * @param temperatureTuned whether α is learned, so that the entropy stays at minus the number of action dimensions
 * @param smooth exploration that changes with the state; {@link SmoothExploration#NONE} for noise of its own at each step
 */
public record SacSettings(
        NetworkSettings network,
        Schedule learningRate,
        double discount,
        double blend,
        double maximumNorm,
        double temperature,
        boolean temperatureTuned,
        SmoothExploration smooth)
        implements LearnerSettings {
    public SacSettings {
        Checks.share("discount", discount);
        Checks.positive("blend", blend);
        if (blend > 1) {
            throw new InvalidInput("blend", "is " + blend + ", but must be at most 1");
        }
        Checks.positive("maximumNorm", maximumNorm);
        Checks.positive("temperature", temperature);
    }

    /** 256 and 256, 0.0003, γ 0.99, τ 0.005, a tuned temperature from 1 (Haarnoja et al., 2018). */
    public static SacSettings defaults() {
        return new SacSettings(
                NetworkSettings.of(256, 256),
                Schedule.constant(3e-4),
                0.99,
                0.005,
                Double.POSITIVE_INFINITY,
                1,
                true,
                SmoothExploration.NONE);
    }

    /**
     * Generalised state-dependent exploration (Raffin et al., 2021): the noise is a linear function of the actor's last
     * hidden layer that stays the same for a while, so that exploring actions belong together.
     *
     * @param used whether it is used
     * @param logDeviation the logarithm of the deviation of the function's weights at the start
     * @param every after how many actions a new function is drawn; 1 or more
     */
    public record SmoothExploration(boolean used, double logDeviation, int every) {
        /** None. */
        public static final SmoothExploration NONE = new SmoothExploration(false, 0, 1);

        public SmoothExploration {
            if (!Double.isFinite(logDeviation)) {
                throw new InvalidInput("logDeviation", "is " + logDeviation + ", but must be a finite number");
            }
            if (every < 1) {
                throw new InvalidInput("every", "is " + every + ", but must be 1 or more");
            }
        }
    }
}
