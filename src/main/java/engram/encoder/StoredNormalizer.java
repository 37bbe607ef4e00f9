package engram.encoder;

import engram.environment.ObservationSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A state normaliser that is kept.
 *
 * @param version its number among those of its environment
 * @param observations what the environment's observations looked like when it was trained
 */
public record StoredNormalizer(int version, StateNormalizer normalizer, ObservationSpace observations) {
    private static final int NAMED = 3;

    /**
     * What keeps it from being used.
     *
     * @param wanted what observations look like now
     * @param threshold the greatest held-out error
     * @return empty if it can be used
     */
    public List<String> misfits(ObservationSpace wanted, double threshold) {
        List<String> misfits = new ArrayList<>();
        if (wanted.width() != observations.width()) {
            misfits.add("takes observations of " + observations.width() + " numbers, not " + wanted.width());
        } else {
            bounds(wanted, misfits);
        }
        double error = normalizer.quality().heldOut();
        // An error that is no number is none that is small enough.
        if (!(error <= threshold)) {
            misfits.add("rebuilds observations with an error of " + error + ", more than " + threshold);
        }
        return misfits;
    }

    private void bounds(ObservationSpace wanted, List<String> misfits) {
        float[] low = observations.low();
        float[] high = observations.high();
        float[] wantedLow = wanted.low();
        float[] wantedHigh = wanted.high();
        int changed = 0;
        for (int i = 0; i < low.length; i++) {
            if ((low[i] != wantedLow[i] || high[i] != wantedHigh[i]) && ++changed <= NAMED) {
                misfits.add(
                        "has number " + i + " of an observation in " + Arrays.toString(new float[] {low[i], high[i]})
                                + ", not in " + Arrays.toString(new float[] {wantedLow[i], wantedHigh[i]}));
            }
        }
        if (changed > NAMED) {
            misfits.add("has " + (changed - NAMED) + " more bounds that have changed");
        }
    }
}
