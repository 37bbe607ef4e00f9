package engram.agent;

import java.util.random.RandomGenerator;

/** Leaves out a share of numbers and scales the others up (Srivastava et al., 2014), with chance from a generator of ours. */
@FunctionalInterface
interface Dropout {
    /** Leaves out nothing. */
    Dropout NONE = (_, _) -> new float[0];

    /**
     * What so many numbers are multiplied by.
     *
     * @param share of numbers left out, in [0,1)
     * @return empty where nothing is left out
     */
    float[] mask(int count, double share);

    static Dropout by(RandomGenerator random) {
        return (count, share) -> {
            if (share == 0) {
                return new float[0];
            }
            float kept = (float) (1 / (1 - share));
            float[] mask = new float[count];
            for (int i = 0; i < count; i++) {
                mask[i] = random.nextFloat() < share ? 0 : kept;
            }
            return mask;
        };
    }
}
