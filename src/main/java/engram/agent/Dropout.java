package engram.agent;

import engram.tensor.Scope;
import engram.tensor.Tensor;
import java.util.random.RandomGenerator;

/** Leaves out a share of numbers and scales the others up (Srivastava et al., 2014), with chance from a generator of ours. */
@FunctionalInterface
interface Dropout {
    /** Leaves out nothing. */
    Dropout NONE = (_, values, _) -> values;

    Tensor apply(Scope scope, Tensor values, double share);

    static Dropout by(RandomGenerator random) {
        return (scope, values, share) -> {
            if (share == 0) {
                return values;
            }
            float kept = (float) (1 / (1 - share));
            float[] mask = new float[values.size()];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = random.nextFloat() < share ? 0 : kept;
            }
            return values.times(scope.tensor(mask, values.shape()));
        };
    }
}
