package engram.agent;

import engram.encoder.StateNormalizer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A policy that sees encoded observations. */
record NormalizedPolicy(StateNormalizer normalizer, Policy inner) implements Policy {
    @Override
    public int observationWidth() {
        return normalizer.width();
    }

    @Override
    public float[] start(RandomGenerator random) {
        return inner.start(random);
    }

    @Override
    public Decision decide(
            float[] observation,
            boolean @Nullable [] mask,
            float[] carried,
            double exploration,
            RandomGenerator random) {
        return inner.decide(normalizer.encode(observation), mask, carried, exploration, random);
    }
}
