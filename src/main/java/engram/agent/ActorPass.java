package engram.agent;

import engram.tensor.NativeMatrix;
import engram.tensor.Parameters;
import engram.tensor.TensorEngine;

/** An {@link ActorNetwork} at work on a batch: draws actions, and learns from what they were worth. One thread at a time. */
final class ActorPass implements AutoCloseable {
    private static final double LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);
    private static final double SMALL = 1e-6;

    private final ActorNetwork network;
    private final int actions;
    private final DensePass trunk;
    private final DensePass mean;
    private final Noise noise;
    private final NativeMatrix trunkSlopes;
    private float[] means = {};
    private float[] drawn = {};

    ActorPass(TensorEngine engine, ActorNetwork network, Parameters parameters) {
        this.network = network;
        this.actions = network.actions();
        this.trunk = new DensePass(engine, network.trunk(), parameters);
        this.mean = new DensePass(engine, network.mean(), parameters);
        this.noise = network.smooth() ? new Smooth(parameters) : new Independent(engine, parameters);
        this.trunkSlopes = new NativeMatrix(network.trunk().width());
    }

    /**
     * Draws an action for every row.
     *
     * @param normals {@link ActorNetwork#noise} numbers of the standard normal distribution
     */
    Sample draw(float[] rows, float[] normals) {
        NativeMatrix hidden = trunk.forward(rows, Dropout.NONE);
        means = mean.forward(hidden, Dropout.NONE).toArray();
        double[] logDensity = new double[hidden.rows()];
        drawn = noise.draw(hidden, normals, logDensity);
        for (int i = 0; i < drawn.length; i++) {
            double centre = network.smooth()
                    ? Math.clamp(means[i], -ActorNetwork.FARTHEST_MEAN, ActorNetwork.FARTHEST_MEAN)
                    : means[i];
            drawn[i] = (float) Math.tanh(centre + drawn[i]);
            // The density changes by the slope of tanh (Haarnoja et al., 2018, appendix C).
            logDensity[i / actions] -= Math.log(1 - drawn[i] * drawn[i] + SMALL);
        }
        return new Sample(drawn, logDensity);
    }

    /**
     * Adds to the gradients of the mean of {@code temperature · logDensity − worth} over the rows drawn last.
     *
     * @param slopes of the mean of −worth by the actions
     */
    void learn(double temperature, float[] slopes) {
        int rows = drawn.length / actions;
        double share = temperature / rows;
        float[] byValues = new float[drawn.length];
        float[] byMeans = new float[drawn.length];
        for (int i = 0; i < drawn.length; i++) {
            double action = drawn[i];
            double slack = 1 - action * action;
            double byAction = slopes[i] + share * 2 * action / (slack + SMALL);
            byValues[i] = (float) (byAction * slack);
            boolean kept = !network.smooth() || Math.abs(means[i]) < ActorNetwork.FARTHEST_MEAN;
            byMeans[i] = kept ? byValues[i] : 0;
        }
        trunkSlopes.copy(mean.learnThrough(byMeans));
        noise.learn(share, byValues, trunkSlopes);
        trunk.learn(trunkSlopes);
    }

    @Override
    public void close() {
        trunk.close();
        mean.close();
        noise.close();
        trunkSlopes.close();
    }

    /**
     * Drawn actions.
     *
     * @param actions in (−1,1), rows × actions
     * @param logDensity the logarithm of the density of each row's action
     */
    @SuppressWarnings("ArrayRecordComponent") // lives for one update, never compared
    record Sample(float[] actions, double[] logDensity) {}

    /** What is added to the means. */
    private interface Noise extends AutoCloseable {
        /**
         * Numbers to add, rows × actions.
         *
         * @param logDensity the logarithm of their density is added to it
         */
        float[] draw(NativeMatrix hidden, float[] normals, double[] logDensity);

        /**
         * Adds to the gradients.
         *
         * @param share what a unit of a row's log-density adds to the loss
         * @param slopes of the loss by the numbers drawn last
         * @param trunkSlopes to which the slopes by the hidden numbers are added
         */
        void learn(double share, float[] slopes, NativeMatrix trunkSlopes);

        @Override
        default void close() {}
    }

    /** Normal numbers for every action, whose deviation a head computes. */
    private final class Independent implements Noise {
        private final DensePass head;
        private float[] logDeviations = {};
        private float[] added = {};

        private Independent(TensorEngine engine, Parameters parameters) {
            this.head = new DensePass(engine, network.logDeviation(), parameters);
        }

        @Override
        public float[] draw(NativeMatrix hidden, float[] normals, double[] logDensity) {
            logDeviations = head.forward(hidden, Dropout.NONE).toArray();
            added = new float[normals.length];
            for (int i = 0; i < added.length; i++) {
                double logDeviation = Math.clamp(
                        logDeviations[i], ActorNetwork.LOWEST_LOG_DEVIATION, ActorNetwork.HIGHEST_LOG_DEVIATION);
                added[i] = (float) (Math.exp(logDeviation) * normals[i]);
                logDensity[i / actions] += -0.5 * normals[i] * normals[i] - logDeviation - LOG_ROOT_TWO_PI;
            }
            return added.clone();
        }

        @Override
        public void learn(double share, float[] slopes, NativeMatrix trunkSlopes) {
            float[] byLogDeviations = new float[slopes.length];
            for (int i = 0; i < slopes.length; i++) {
                boolean kept = logDeviations[i] > ActorNetwork.LOWEST_LOG_DEVIATION
                        && logDeviations[i] < ActorNetwork.HIGHEST_LOG_DEVIATION;
                byLogDeviations[i] = kept ? (float) ((double) slopes[i] * added[i] - share) : 0;
            }
            trunkSlopes.changeBy(head.learnThrough(byLogDeviations), DensePass::add);
        }

        @Override
        public void close() {
            head.close();
        }
    }

    /** A linear function of the last hidden layer, through which no gradient flows back (Raffin et al., 2021). */
    private final class Smooth implements Noise {
        private static final String LOG_DEVIATIONS = "logDeviations";

        private final Parameters parameters;
        private float[] hiddenNumbers = {};
        private float[] deviations = {};
        private float[] drawnNormals = {};
        private double[] added = {};
        private double[] variances = {};

        private Smooth(Parameters parameters) {
            this.parameters = parameters;
        }

        @Override
        public float[] draw(NativeMatrix hidden, float[] normals, double[] logDensity) {
            int width = hidden.width();
            hiddenNumbers = hidden.toArray();
            drawnNormals = normals;
            deviations = parameters.values(LOG_DEVIATIONS);
            for (int i = 0; i < deviations.length; i++) {
                deviations[i] = (float) Math.exp(deviations[i]);
            }
            added = new double[hidden.rows() * actions];
            variances = new double[added.length];
            float[] result = new float[added.length];
            for (int i = 0; i < added.length; i++) {
                int row = i / actions;
                for (int place = 0; place < width; place++) {
                    double number = hiddenNumbers[row * width + place];
                    double deviation = deviations[place * actions + i % actions];
                    added[i] += number * deviation * normals[place * actions + i % actions];
                    variances[i] += number * number * deviation * deviation;
                }
                variances[i] += SMALL;
                logDensity[row] -=
                        0.5 * (added[i] * added[i] / variances[i] + Math.log(variances[i])) + LOG_ROOT_TWO_PI;
                result[i] = (float) added[i];
            }
            return result;
        }

        @Override
        public void learn(double share, float[] slopes, NativeMatrix trunkSlopes) {
            int width = deviations.length / actions;
            double[] gradient = new double[deviations.length];
            for (int i = 0; i < slopes.length; i++) {
                double ratio = added[i] / variances[i];
                double byAdded = slopes[i] - share * ratio;
                double byVariance = 0.5 * share * (ratio * ratio - 1 / variances[i]);
                int row = i / actions;
                for (int place = 0; place < width; place++) {
                    int at = place * actions + i % actions;
                    double number = hiddenNumbers[row * width + place];
                    double scaled = number * deviations[at];
                    // By the logarithm of the deviation, of which the deviation is its own slope.
                    gradient[at] += scaled * (byAdded * drawnNormals[at] + byVariance * 2 * scaled);
                }
            }
            float[] narrow = new float[gradient.length];
            for (int i = 0; i < narrow.length; i++) {
                narrow[i] = (float) gradient[i];
            }
            parameters.addGradient(LOG_DEVIATIONS, narrow);
        }
    }
}
