package engram.agent;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Takes the action of the highest value, and a random one now and then. */
final class QPolicy implements Policy {
    private final DenseSnapshot trunk;
    private final @Nullable Heads heads;

    QPolicy(DenseSnapshot trunk, @Nullable Heads heads) {
        this.trunk = trunk;
        this.heads = heads;
    }

    @Override
    public int observationWidth() {
        return trunk.inputs();
    }

    @Override
    public Decision decide(
            float[] observation,
            boolean @Nullable [] mask,
            float[] carried,
            double exploration,
            RandomGenerator random) {
        float[] values = values(observation);
        boolean explores = exploration > 0 && random.nextDouble() < exploration;
        int action =
                explores ? Masks.random(values.length, mask, random) : Masks.highest(values, 0, values.length, mask);
        return new Decision(new float[] {action}, values);
    }

    private float[] values(float[] observation) {
        float[] trunkValues = trunk.forward(observation);
        if (heads == null) {
            return trunkValues;
        }
        float value = heads.value().forward(trunkValues)[0];
        float[] advantages = heads.advantage().forward(trunkValues);
        float sum = 0;
        for (float advantage : advantages) {
            sum += advantage;
        }
        float mean = sum / advantages.length;
        for (int i = 0; i < advantages.length; i++) {
            advantages[i] += value - mean;
        }
        return advantages;
    }

    /** The two heads of a dueling network. */
    record Heads(DenseSnapshot value, DenseSnapshot advantage) {}
}
