package engram.agent;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Draws one of the allowed actions by the probabilities a network gives them, or takes the likeliest. */
final class CategoricalPolicy implements Policy {
    private final SequenceNetwork.Snapshot network;

    CategoricalPolicy(SequenceNetwork.Snapshot network) {
        this.network = network;
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
        float[] values = network.forward(observation, carried);
        int best = Masks.highest(values, 0, values.length, mask);
        double sum = 0;
        float highest = values[best];
        for (int i = 0; i < values.length; i++) {
            boolean allowed = mask == null || mask[i];
            values[i] = allowed ? (float) Math.exp(values[i] - highest) : 0;
            sum += values[i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] / sum);
        }
        return new Decision(new float[] {exploration > 0 ? drawn(values, best, random) : best}, values);
    }

    private static int drawn(float[] probabilities, int best, RandomGenerator random) {
        double left = random.nextDouble();
        for (int i = 0; i < probabilities.length; i++) {
            left -= probabilities[i];
            if (left < 0 && probabilities[i] > 0) {
                return i;
            }
        }
        // The probabilities add up to a little less than 1.
        return best;
    }
}
