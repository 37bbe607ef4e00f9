package engram.agent;

import java.util.List;

/**
 * How an agent's observations are brought to the width of its network. Errors are mean squared ones of rebuilt observations
 * in units of the deviation, so that 1 is what always guessing the mean gives.
 *
 * @param trained whether by an autoencoder; linearly if not
 * @param version its number among those kept for the environment; 0 for one that is not kept
 * @param trainingError on the observations it was trained from; 0 before a training
 * @param heldOutError on others; 0 before a training
 * @param recentError on what the agent saw lately; the held-out one at first
 * @param misfits why a kept or a trained one is not used, each a sentence without an end
 */
public record NormalizerReport(
        boolean trained,
        int version,
        double trainingError,
        double heldOutError,
        double recentError,
        List<String> misfits) {
    public NormalizerReport {
        misfits = List.copyOf(misfits);
    }
}
