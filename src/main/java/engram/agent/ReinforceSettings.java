package engram.agent;

import engram.error.InvalidInput;

/**
 * How REINFORCE learns.
 *
 * @param network of the policy and, with numbers of its own, of the baseline; without dropout, because it learns from the
 *     probabilities with which it acted
 * @param recurrence what both remember through an episode
 * @param baseline what returns are compared with
 * @param learningRate of Adam for the policy, a schedule over the training
 * @param discount γ, in [0,1]
 * @param maximumNorm longer gradients of one network are scaled down to it; above 0, infinite for no limit
 * @param entropy what a unit of the policy's entropy is worth beside return, a schedule over the training
 * @param normalized whether the advantages of an update are brought to mean 0 and deviation 1
 * @param episodes how many are lived through for each update, 1 to 10,000
 * @param longest how many steps an episode is learned from as a whole, 1 to 1,000,000; a longer one is taken as several,
 *     of which all but the last are cut off
 * @param logDeviation the logarithm of the deviation of continuous actions at the start, before tanh brings them into
 *     their bounds; −20 to 2
 */
public record ReinforceSettings(
        NetworkSettings network,
        Recurrence recurrence,
        Baseline baseline,
        Schedule learningRate,
        double discount,
        double maximumNorm,
        Schedule entropy,
        boolean normalized,
        int episodes,
        int longest,
        double logDeviation)
        implements LearnerSettings {
    private static final int MOST_EPISODES = 10_000;
    private static final int MOST_STEPS = 1_000_000;

    public ReinforceSettings {
        if (network.dropout() != 0) {
            throw new InvalidInput(
                    "network.dropout",
                    "is " + network.dropout() + ", but must be 0: reinforce learns from the probabilities it acted by");
        }
        Checks.share("discount", discount);
        Checks.positive("maximumNorm", maximumNorm);
        if (episodes < 1 || episodes > MOST_EPISODES) {
            throw new InvalidInput("episodes", "is " + episodes + ", but must be 1 to " + MOST_EPISODES);
        }
        if (longest < 1 || longest > MOST_STEPS) {
            throw new InvalidInput("longest", "is " + longest + ", but must be 1 to " + MOST_STEPS);
        }
        if (!(logDeviation >= ActorNetwork.LOWEST_LOG_DEVIATION
                && logDeviation <= ActorNetwork.HIGHEST_LOG_DEVIATION)) {
            throw new InvalidInput("logDeviation", "is " + logDeviation + ", but must be -20 to 2");
        }
    }

    /** 64 and 64 with a baseline, four episodes an update, 0.003, γ 0.99, gradients up to 0.5, entropy worth 0.01. */
    public static ReinforceSettings defaults() {
        return new ReinforceSettings(
                NetworkSettings.of(64, 64),
                Recurrence.NONE,
                new Baseline(Baseline.Kind.NETWORK, Schedule.constant(3e-3), 4),
                Schedule.constant(3e-3),
                0.99,
                0.5,
                Schedule.constant(0.01),
                true,
                4,
                2_000,
                -0.5);
    }

    /**
     * What returns are compared with, so that only what was better than expected becomes more likely.
     *
     * @param kind what it is
     * @param learningRate of Adam for its network, a schedule over the training
     * @param updates how many steps its network takes on the episodes of each update, 1 to 1,000
     */
    public record Baseline(Kind kind, Schedule learningRate, int updates) {
        private static final int MOST_UPDATES = 1_000;

        /** None. */
        public static final Baseline NONE = new Baseline(Kind.NONE, Schedule.constant(1e-3), 1);

        public Baseline {
            if (updates < 1 || updates > MOST_UPDATES) {
                throw new InvalidInput("updates", "is " + updates + ", but must be 1 to " + MOST_UPDATES);
            }
        }

        /** The baselines there are. */
        public enum Kind {
            /** None: returns count as they are. */
            NONE,
            /** A network that learns what return an observation leads to; it also stands in for what follows a cut. */
            NETWORK
        }
    }
}
