package engram.encoder;

import engram.error.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How well an encoder does on states it was not trained on, beside principal components of the same width.
 *
 * @param states how many states were searched
 * @param queries how many of them were looked for
 * @param neighbours how many neighbours were asked for, the k of the kept neighbours
 * @param full at 384 numbers
 * @param compressed at 128 numbers
 * @param abstracted at 32 numbers
 */
public record EncoderQuality(
        int states, int queries, int neighbours, Figures full, Figures compressed, Figures abstracted) {
    /**
     * How much smaller a share of kept neighbours may be without counting as worse. Version 0 keeps every distance of
     * states that use few slots, so that a trained encoder can only come near it at the wide resolutions.
     */
    public static final double KEPT_TOLERANCE = 0.03;

    /** By which factor a reconstruction error may be greater without counting as worse. */
    public static final double ERROR_TOLERANCE = 1.05;

    /** A mean squared error that nobody minds: about three hundredths of a slot's range. */
    public static final double NEGLIGIBLE_ERROR = 1e-3;

    /**
     * The figures at one resolution.
     *
     * @param error of features rebuilt from the vectors: the mean square over the slots that the states had
     * @param kept the share of returned neighbours that are true ones, in [0,1]: those as near in features as the k-th
     *     nearest by exact search is
     * @param principalError the error of principal components of the same width
     * @param principalKept the neighbours these keep
     */
    public record Figures(double error, double kept, double principalError, double principalKept) {
        public Figures {
            requireAtLeastZero("error", error);
            requireAtLeastZero("kept", kept);
            requireAtLeastZero("principalError", principalError);
            requireAtLeastZero("principalKept", principalKept);
        }
    }

    /** The figures of a resolution. */
    public Figures at(Resolution resolution) {
        return switch (resolution) {
            case FULL -> full;
            case COMPRESSED -> compressed;
            case ABSTRACT -> abstracted;
        };
    }

    /**
     * What speaks against using this encoder in place of another that was measured on the same states: any resolution
     * that keeps fewer neighbours by more than {@value #KEPT_TOLERANCE}, and a reconstruction from 32 numbers whose
     * error is more than {@value #ERROR_TOLERANCE} times as great and above {@value #NEGLIGIBLE_ERROR}. Reconstruction from the wider resolutions is left
     * out: their memories still have their payload.
     *
     * @return one sentence each; empty when this encoder is not worse
     */
    public List<String> worseThan(EncoderQuality other) {
        List<String> reasons = new ArrayList<>();
        for (Resolution resolution : Resolution.values()) {
            double before = other.at(resolution).kept();
            double now = at(resolution).kept();
            if (now < before - KEPT_TOLERANCE) {
                reasons.add(String.format(
                        Locale.ROOT,
                        "at %d numbers it keeps %.3f of the neighbours, the other %.3f",
                        resolution.dimensions(),
                        now,
                        before));
            }
        }
        if (abstracted.error() > Math.max(NEGLIGIBLE_ERROR, other.abstracted.error() * ERROR_TOLERANCE)) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "from 32 numbers it rebuilds states with an error of %.5f, the other with %.5f",
                    abstracted.error(),
                    other.abstracted.error()));
        }
        return List.copyOf(reasons);
    }

    private static void requireAtLeastZero(String name, double value) {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new InvalidInput(name, "must be a number of at least 0, is " + value);
        }
    }
}
