package engram.agent;

import engram.error.InvalidInput;

/**
 * How a deep Q-network learns.
 *
 * @param network between observations and action values
 * @param doubleLearning whether the learning network chooses the next action that the target network judges (van Hasselt
 *     et al., 2016)
 * @param dueling whether state value and advantages have heads of their own (Wang et al., 2016)
 * @param loss of the error between expected and observed return
 * @param learningRate of Adam, a schedule over the training
 * @param discount γ, in [0,1]
 * @param maximumNorm longer gradients, all together, are scaled down to it; above 0, infinite for no limit
 * @param blend τ: how far the target network moves towards the learning one when it is renewed, in (0,1]; 1 copies
 */
public record DqnSettings(
        NetworkSettings network,
        boolean doubleLearning,
        boolean dueling,
        QLoss loss,
        Schedule learningRate,
        double discount,
        double maximumNorm,
        double blend)
        implements LearnerSettings {
    public DqnSettings {
        Checks.share("discount", discount);
        Checks.positive("maximumNorm", maximumNorm);
        Checks.positive("blend", blend);
        if (blend > 1) {
            throw new InvalidInput("blend", "is " + blend + ", but must be at most 1");
        }
    }

    /** The network of 256 and 256, Huber loss, 0.001, γ 0.99, gradients up to 10, copies to the target. */
    public static DqnSettings defaults() {
        return new DqnSettings(
                NetworkSettings.of(256, 256), false, false, QLoss.HUBER, Schedule.constant(1e-3), 0.99, 10, 1);
    }
}
