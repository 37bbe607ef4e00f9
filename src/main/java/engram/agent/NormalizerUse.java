package engram.agent;

import engram.encoder.NormalizerSettings;
import engram.error.InvalidInput;

/**
 * What an agent's network sees instead of observations.
 *
 * @param kind observations as they are, or brought to 256 numbers
 * @param trainAfter after how many observations an autoencoder is trained, once; until then it encodes linearly. 20 to
 *     1,000,000
 * @param threshold the greatest held-out error with which it is used, in units of the deviation, above 0; with a greater
 *     one encoding stays linear
 * @param stored whether the one that is kept for the environment is used instead of training, and a trained one is kept
 * @param training how it is trained
 */
public record NormalizerUse(Kind kind, int trainAfter, double threshold, boolean stored, NormalizerSettings training) {
    /** Observations as they are. */
    public static final NormalizerUse NONE =
            new NormalizerUse(Kind.NONE, 1_000, 0.1, true, NormalizerSettings.defaults());

    private static final int LEAST = 20;
    private static final int MOST = 1_000_000;

    public NormalizerUse {
        if (trainAfter < LEAST || trainAfter > MOST) {
            throw new InvalidInput("trainAfter", "is " + trainAfter + ", but must be " + LEAST + " to " + MOST);
        }
        Checks.positive("threshold", threshold);
    }

    /** What a network can see. */
    public enum Kind {
        /** Observations as they are. */
        NONE,
        /** 256 numbers: observations with zeros behind them, or a fixed projection of wider ones. */
        LINEAR,
        /** 256 numbers from a variational autoencoder. */
        VAE
    }
}
