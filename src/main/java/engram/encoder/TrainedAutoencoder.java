package engram.encoder;

import java.util.List;

/**
 * What a training has made.
 *
 * @param weights of the best epoch
 * @param curve one entry an epoch, in order
 * @param bestEpoch the epoch the weights are from, counted from 1
 */
public record TrainedAutoencoder(Weights weights, List<Epoch> curve, int bestEpoch) {
    public TrainedAutoencoder {
        curve = List.copyOf(curve);
        if (bestEpoch < 1 || bestEpoch > curve.size()) {
            throw new IllegalArgumentException("epoch " + bestEpoch + " is not one of " + curve.size());
        }
    }

    /** The losses of the epoch the weights are from. */
    public Epoch best() {
        return curve.get(bestEpoch - 1);
    }

    /**
     * The losses of one epoch. Errors are mean squared errors over the present slots.
     *
     * @param number counted from 1
     * @param trainingLoss the mean over the steps of the epoch of what was minimised
     * @param validation the losses on the validation share after the epoch
     */
    public record Epoch(int number, double trainingLoss, Losses validation) {}

    /**
     * What a network loses on some states.
     *
     * @param full the reconstruction error from 384 numbers
     * @param compressed the reconstruction error from 128 numbers
     * @param abstracted the reconstruction error from 32 numbers
     * @param stress how far the distances of the vectors are from those of the features: the mean over pairs of states of
     *     ((distance of the vectors − distance of the features) / (distance of the features + a twentieth of its mean))²,
     *     ten times for 384 and for 128 numbers and once for 32
     * @param total 0.5 · full + 0.3 · compressed + 0.2 · abstracted, and the stress with its weight; what selects the
     *     best epoch
     */
    public record Losses(double full, double compressed, double abstracted, double stress, double total) {
        /** The reconstruction error of a resolution. */
        public double error(Resolution resolution) {
            return switch (resolution) {
                case FULL -> full;
                case COMPRESSED -> compressed;
                case ABSTRACT -> abstracted;
            };
        }
    }
}
