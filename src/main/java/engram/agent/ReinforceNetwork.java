package engram.agent;

import engram.environment.ActionSpace;
import engram.tensor.NamedParameters;
import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The computation of a policy that draws its actions: a probability for every discrete action, or for every number of a
 * continuous one a normal distribution, squashed by tanh, whose deviation is the same everywhere.
 */
record ReinforceNetwork(int observations, ActionSpace actions, ReinforceSettings settings) {
    private static final String LOG_DEVIATION = "logDeviation";
    private static final double LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    /** Makes an action impossible: its probability becomes 0, and so do its gradients. */
    private static final float IMPOSSIBLE = -1e8f;

    /** Where actions at their bounds are taken to be before tanh. */
    private static final double FARTHEST = 1 - 1e-6;

    SequenceNetwork layers() {
        int outputs =
                switch (actions) {
                    case ActionSpace.Discrete(int count) -> count;
                    case ActionSpace.Box box -> box.width();
                };
        return new SequenceNetwork(observations, settings.network(), settings.recurrence(), outputs);
    }

    ParameterValues initial(RandomGenerator random) {
        List<ParameterValues.Entry> entries = new ArrayList<>(layers().initial(random));
        if (actions instanceof ActionSpace.Box box) {
            float[] deviations = new float[box.width()];
            Arrays.fill(deviations, (float) settings.logDeviation());
            entries.add(new ParameterValues.Entry(LOG_DEVIATION, List.of(box.width()), deviations));
        }
        return new ParameterValues(entries);
    }

    /** How likely the actions were that were taken, and how random the policy is. */
    Likelihood likelihood(Scope scope, Parameters parameters, EpisodeRows rows) {
        Tensor outputs = layers().forward(scope, parameters, rows);
        return switch (actions) {
            case ActionSpace.Discrete(int count) -> categorical(scope, rows, outputs, count);
            case ActionSpace.Box box -> gaussian(scope, parameters, rows, outputs, box);
        };
    }

    private static Likelihood categorical(Scope scope, EpisodeRows rows, Tensor outputs, int count) {
        float[] penalties = rows.penalties(count, IMPOSSIBLE);
        Tensor logits = penalties == null ? outputs : outputs.plus(scope.tensor(penalties, rows.count(), count));
        Tensor logarithms = logits.logSoftmax();
        float[] flat = rows.actions(1);
        int[] taken = new int[flat.length];
        for (int row = 0; row < taken.length; row++) {
            taken[row] = (int) flat[row];
        }
        return new Likelihood(
                logarithms.pick(scope.indices(taken)),
                logarithms.exp().times(logarithms).sum(1).negate());
    }

    private static Likelihood gaussian(
            Scope scope, Parameters parameters, EpisodeRows rows, Tensor means, ActionSpace.Box box) {
        int width = box.width();
        float[] drawn = new ActionRange(box.low(), box.high()).narrow(rows.actions(width));
        for (int i = 0; i < drawn.length; i++) {
            double squashed = Math.clamp(drawn[i], -FARTHEST, FARTHEST);
            drawn[i] = (float) (0.5 * Math.log((1 + squashed) / (1 - squashed)));
        }
        // The slope of tanh scales the density of an action by something that does not depend on the policy.
        Tensor logDeviation = parameters
                .tensor(scope, LOG_DEVIATION)
                .clip(ActorNetwork.LOWEST_LOG_DEVIATION, ActorNetwork.HIGHEST_LOG_DEVIATION);
        Tensor distance = scope.tensor(drawn, rows.count(), width).minus(means).dividedBy(logDeviation.exp());
        return new Likelihood(
                distance.square()
                        .times(-0.5)
                        .minus(logDeviation)
                        .plus(-LOG_ROOT_TWO_PI)
                        .sum(1),
                logDeviation.plus(0.5 + LOG_ROOT_TWO_PI).sum());
    }

    /** A policy with the numbers as they are now. */
    Policy snapshot(NamedParameters values) {
        SequenceNetwork.Snapshot network = layers().snapshot(values);
        return switch (actions) {
            case ActionSpace.Discrete _ -> new CategoricalPolicy(network);
            case ActionSpace.Box box -> {
                float[] deviations = values.values(LOG_DEVIATION);
                for (int i = 0; i < deviations.length; i++) {
                    deviations[i] = (float) Math.exp(Math.clamp(
                            deviations[i], ActorNetwork.LOWEST_LOG_DEVIATION, ActorNetwork.HIGHEST_LOG_DEVIATION));
                }
                yield new GaussianPolicy(network, deviations, new ActionRange(box.low(), box.high()));
            }
        };
    }

    /**
     * What learning needs of a policy.
     *
     * @param logarithms of the probability or density of each row's action, as a column
     * @param entropies of each row, as a column, or one number that holds for all; of normal distributions before tanh
     */
    record Likelihood(Tensor logarithms, Tensor entropies) {}
}
