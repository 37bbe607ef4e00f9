package engram.agent;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Draws from a normal distribution squashed into the bounds of the action, or takes its middle. */
final class GaussianPolicy implements Policy {
    private static final float[] NO_VALUES = {};

    private final SequenceNetwork.Snapshot network;
    private final float[] deviations;
    private final ActionRange range;

    GaussianPolicy(SequenceNetwork.Snapshot network, float[] deviations, ActionRange range) {
        this.network = network;
        this.deviations = deviations;
        this.range = range;
    }

    @Override
    public int observationWidth() {
        return network.trunk().inputs();
    }

    @Override
    public float[] start(RandomGenerator random) {
        return new float[network.carried()];
    }

    @Override
    public Decision decide(
            float[] observation,
            boolean @Nullable [] mask,
            float[] carried,
            double exploration,
            RandomGenerator random) {
        float[] action = network.forward(observation, carried);
        for (int i = 0; i < action.length; i++) {
            double drawn = exploration > 0 ? deviations[i] * random.nextGaussian() : 0;
            action[i] = (float) Math.tanh(action[i] + drawn);
        }
        range.widen(action);
        return new Decision(action, NO_VALUES);
    }
}
