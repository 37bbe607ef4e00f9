package engram.agent;

import engram.tensor.NamedParameters;
import engram.tensor.ParameterValues;
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

    /** How many normal numbers {@link ActorPass#draw} needs for so many rows. */
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

    /** A policy with the numbers as they are now. */
    SacPolicy snapshot(NamedParameters values, ActionRange range) {
        DenseSnapshot trunk = new DenseSnapshot(trunk(), values);
        DenseSnapshot mean = new DenseSnapshot(mean(), values);
        if (!smooth()) {
            return new SacPolicy(
                    trunk, mean, range, new SacPolicy.Independent(new DenseSnapshot(logDeviation(), values)));
        }
        float[] deviations = values.values("logDeviations");
        for (int i = 0; i < deviations.length; i++) {
            deviations[i] = (float) Math.exp(deviations[i]);
        }
        return new SacPolicy(
                trunk,
                mean,
                range,
                new SacPolicy.Smooth(deviations, settings.smooth().every()));
    }
}
