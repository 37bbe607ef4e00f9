package engram.agent;

import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The computation of an actor: a normal distribution for every action, squashed into (−1,1) by tanh. Its deviation comes
 * from a head of its own, or, with smooth exploration, from a matrix of deviations that weighs the last hidden layer.
 */
record ActorNetwork(int observations, int actions, SacSettings settings) {
    static final double LOWEST_LOG_DEVIATION = -20;
    static final double HIGHEST_LOG_DEVIATION = 2;

    /** With smooth exploration means stay within it, so that tanh leaves room for the noise. */
    static final double FARTHEST_MEAN = 2;

    private static final double LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);
    private static final double SMALL = 1e-6;

    DenseLayers trunk() {
        return new DenseLayers("trunk", observations, settings.network(), 0);
    }

    DenseLayers mean() {
        return new DenseLayers("mean", trunk().width(), head(), actions);
    }

    DenseLayers logDeviation() {
        return new DenseLayers("logDeviation", trunk().width(), head(), actions);
    }

    private NetworkSettings head() {
        return new NetworkSettings(
                List.of(),
                settings.network().activation(),
                settings.network().dropout(),
                settings.network().initialization());
    }

    boolean smooth() {
        return settings.smooth().used();
    }

    /** How many normal numbers {@link #sample} needs for so many rows. */
    int noise(int rows) {
        return smooth() ? trunk().width() * actions : rows * actions;
    }

    ParameterValues initial(RandomGenerator random) {
        List<ParameterValues.Entry> entries = new ArrayList<>(trunk().initial(random));
        entries.addAll(mean().initial(random));
        if (smooth()) {
            float[] deviations = new float[trunk().width() * actions];
            Arrays.fill(deviations, (float) settings.smooth().logDeviation());
            entries.add(new ParameterValues.Entry("logDeviations", List.of(trunk().width(), actions), deviations));
        } else {
            entries.addAll(logDeviation().initial(random));
        }
        return new ParameterValues(entries);
    }

    /**
     * Draws an action for every row.
     *
     * @param normals {@link #noise} numbers of the standard normal distribution
     */
    Sample sample(Scope scope, Parameters parameters, Tensor rows, float[] normals) {
        Tensor trunk = trunk().forward(scope, parameters, rows, Dropout.NONE);
        Tensor mean = mean().forward(scope, parameters, trunk, Dropout.NONE);
        Gaussian drawn = smooth()
                ? smooth(scope, parameters, trunk.detach(), mean, normals)
                : independent(scope, parameters, trunk, mean, normals);
        Tensor action = drawn.values().tanh();
        // The density changes by the slope of tanh (Haarnoja et al., 2018, appendix C).
        Tensor squashing = action.square().negate().plus(1).plus(SMALL).log();
        return new Sample(action, drawn.logDensity().minus(squashing).sum(1));
    }

    private Gaussian independent(Scope scope, Parameters parameters, Tensor trunk, Tensor mean, float[] normals) {
        Tensor logDeviation = logDeviation()
                .forward(scope, parameters, trunk, Dropout.NONE)
                .clip(LOWEST_LOG_DEVIATION, HIGHEST_LOG_DEVIATION);
        Tensor noise = scope.tensor(normals, mean.shape());
        Tensor values = mean.plus(logDeviation.exp().times(noise));
        Tensor logDensity = noise.square().times(-0.5).minus(logDeviation).plus(-LOG_ROOT_TWO_PI);
        return new Gaussian(values, logDensity);
    }

    private Gaussian smooth(Scope scope, Parameters parameters, Tensor trunk, Tensor mean, float[] normals) {
        Tensor deviations = parameters.tensor(scope, "logDeviations").exp();
        Tensor function = deviations.times(scope.tensor(normals, trunk().width(), actions));
        Tensor noise = trunk.matmul(function);
        Tensor variance = trunk.square().matmul(deviations.square()).plus(SMALL);
        Tensor values = mean.clip(-FARTHEST_MEAN, FARTHEST_MEAN).plus(noise);
        Tensor logDensity = noise.square()
                .dividedBy(variance)
                .plus(variance.log())
                .times(-0.5)
                .plus(-LOG_ROOT_TWO_PI);
        return new Gaussian(values, logDensity);
    }

    /** A policy with the numbers as they are now. */
    SacPolicy snapshot(ParameterValues values, ActionRange range) {
        DenseSnapshot trunk = new DenseSnapshot(trunk(), values);
        DenseSnapshot mean = new DenseSnapshot(mean(), values);
        if (!smooth()) {
            return new SacPolicy(
                    trunk, mean, range, new SacPolicy.Independent(new DenseSnapshot(logDeviation(), values)));
        }
        float[] deviations = values.entry("logDeviations").values();
        for (int i = 0; i < deviations.length; i++) {
            deviations[i] = (float) Math.exp(deviations[i]);
        }
        return new SacPolicy(
                trunk,
                mean,
                range,
                new SacPolicy.Smooth(deviations, settings.smooth().every()));
    }

    /**
     * Drawn actions.
     *
     * @param actions in (−1,1), rows × actions
     * @param logDensity the logarithm of the density of each row's action, as a column
     */
    record Sample(Tensor actions, Tensor logDensity) {}

    private record Gaussian(Tensor values, Tensor logDensity) {}
}
