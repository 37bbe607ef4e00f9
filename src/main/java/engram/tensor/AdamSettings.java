package engram.tensor;

import engram.error.InvalidInput;

/**
 * The settings of {@link Adam}, with the symbols of Kingma and Ba (2015).
 *
 * @param learningRate α, above 0
 * @param firstDecay β₁, in [0,1)
 * @param secondDecay β₂, in [0,1)
 * @param epsilon ε, above 0
 * @param weightDecay added to the gradient as weightDecay · parameter (L2, as in torch.optim.Adam); 0 for none
 * @param maximumNorm gradients longer than this, all together, are scaled down to it; infinite for no limit
 */
public record AdamSettings(
        double learningRate,
        double firstDecay,
        double secondDecay,
        double epsilon,
        double weightDecay,
        double maximumNorm) {
    public AdamSettings {
        require(learningRate > 0 && Double.isFinite(learningRate), "learningRate", learningRate, "above 0");
        require(firstDecay >= 0 && firstDecay < 1, "firstDecay", firstDecay, "in [0,1)");
        require(secondDecay >= 0 && secondDecay < 1, "secondDecay", secondDecay, "in [0,1)");
        require(epsilon > 0 && Double.isFinite(epsilon), "epsilon", epsilon, "above 0");
        require(weightDecay >= 0 && Double.isFinite(weightDecay), "weightDecay", weightDecay, "0 or more");
        require(maximumNorm > 0, "maximumNorm", maximumNorm, "above 0");
    }

    /** The usual settings at a learning rate: 0.9, 0.999, 10⁻⁸, no weight decay, no limit to the norm. */
    public static AdamSettings of(double learningRate) {
        return new AdamSettings(learningRate, 0.9, 0.999, 1e-8, 0, Double.POSITIVE_INFINITY);
    }

    /** The same with a limit to the norm of all gradients together. */
    public AdamSettings clippedTo(double norm) {
        return new AdamSettings(learningRate, firstDecay, secondDecay, epsilon, weightDecay, norm);
    }

    private static void require(boolean holds, String field, double value, String wanted) {
        if (!holds) {
            throw new InvalidInput(field, "is " + value + ", but must be " + wanted);
        }
    }
}
