package engram.agent;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Draws from a squashed normal distribution, or takes its middle. */
final class SacPolicy implements Policy {
    private static final float[] NO_VALUES = {};

    private final DenseSnapshot trunk;
    private final DenseSnapshot mean;
    private final ActionRange range;
    private final Noise noise;

    SacPolicy(DenseSnapshot trunk, DenseSnapshot mean, ActionRange range, Noise noise) {
        this.trunk = trunk;
        this.mean = mean;
        this.range = range;
        this.noise = noise;
    }

    @Override
    public int observationWidth() {
        return trunk.inputs();
    }

    @Override
    public float[] start(RandomGenerator random) {
        return noise.start();
    }

    @Override
    public Decision decide(
            float[] observation,
            boolean @Nullable [] mask,
            float[] carried,
            double exploration,
            RandomGenerator random) {
        float[] hidden = trunk.forward(observation);
        float[] action = mean.forward(hidden);
        if (noise instanceof Smooth) {
            for (int i = 0; i < action.length; i++) {
                action[i] = (float) Math.clamp(action[i], -ActorNetwork.FARTHEST_MEAN, ActorNetwork.FARTHEST_MEAN);
            }
        }
        if (exploration > 0) {
            noise.add(hidden, action, carried, random);
        }
        for (int i = 0; i < action.length; i++) {
            action[i] = (float) Math.tanh(action[i]);
        }
        range.widen(action);
        return new Decision(action, NO_VALUES);
    }

    /** What makes actions explore. */
    sealed interface Noise {
        float[] start();

        void add(float[] hidden, float[] means, float[] carried, RandomGenerator random);
    }

    /** Drawn anew for every action. */
    record Independent(DenseSnapshot logDeviation) implements Noise {
        @Override
        public float[] start() {
            return new float[0];
        }

        @Override
        public void add(float[] hidden, float[] means, float[] carried, RandomGenerator random) {
            float[] logDeviations = logDeviation.forward(hidden);
            for (int i = 0; i < means.length; i++) {
                double deviation = Math.exp(Math.clamp(
                        logDeviations[i], ActorNetwork.LOWEST_LOG_DEVIATION, ActorNetwork.HIGHEST_LOG_DEVIATION));
                means[i] += (float) (deviation * random.nextGaussian());
            }
        }
    }

    /**
     * A linear function of the last hidden layer, drawn anew after some actions. Carried are how many actions it has
     * served and its normal numbers.
     *
     * @param deviations hidden numbers × actions
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Smooth(float[] deviations, int every) implements Noise {
        @Override
        public float[] start() {
            float[] carried = new float[1 + deviations.length];
            carried[0] = every;
            return carried;
        }

        @Override
        public void add(float[] hidden, float[] means, float[] carried, RandomGenerator random) {
            if (carried[0] >= every) {
                for (int i = 1; i < carried.length; i++) {
                    carried[i] = (float) random.nextGaussian();
                }
                carried[0] = 0;
            }
            carried[0]++;
            for (int row = 0; row < hidden.length; row++) {
                for (int i = 0; i < means.length; i++) {
                    int place = row * means.length + i;
                    means[i] += hidden[row] * deviations[place] * carried[1 + place];
                }
            }
        }
    }
}
