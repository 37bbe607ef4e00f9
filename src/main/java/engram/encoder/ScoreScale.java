package engram.encoder;

import engram.error.InvalidInput;

/**
 * How an encoder version turns Euclidean distances into scores: with x = scale · distance / knee,
 * score = 1 / (1 + ln(1 + x) / softness). The scale brings the distances of each resolution to those of the features,
 * so that scores of different resolutions are comparable; the knee is the distance up to which the score falls
 * steadily, before it falls with the logarithm only. Whatever the distance, two resolutions whose scaled distances
 * differ by a factor f differ by at most ln(f) / softness in score: with {@link #SOFTNESS} and f = 2.2 by 0.05.
 *
 * @param full the scale of {@link Resolution#FULL}; positive, as are all others
 * @param compressed the scale of {@link Resolution#COMPRESSED}
 * @param abstracted the scale of {@link Resolution#ABSTRACT}
 * @param knee in distances of features
 * @param softness how little a score changes with the distance
 */
public record ScoreScale(double full, double compressed, double abstracted, double knee, double softness) {
    /** The softness of all scales made by this version of Engram. */
    public static final double SOFTNESS = 16;

    /** The knee where the noise of the narrow resolutions asks for no wider one: two near but different states. */
    public static final double KNEE = 0.25;

    /** For resolutions that all keep the distances of the features. */
    public static final ScoreScale ISOMETRIC = new ScoreScale(1, 1, 1, KNEE, SOFTNESS);

    public ScoreScale {
        requirePositive("full", full);
        requirePositive("compressed", compressed);
        requirePositive("abstracted", abstracted);
        requirePositive("knee", knee);
        requirePositive("softness", softness);
    }

    /** The scale of one resolution: what a distance is multiplied by. */
    public double of(Resolution resolution) {
        return switch (resolution) {
            case FULL -> full;
            case COMPRESSED -> compressed;
            case ABSTRACT -> abstracted;
        };
    }

    /**
     * The score at a distance, in (0,1]: 1 at 0 and decreasing.
     *
     * @param distance the Euclidean distance of two vectors of the resolution; rounding below 0 counts as 0
     */
    public double score(Resolution resolution, double distance) {
        return 1 / (1 + Math.log1p(of(resolution) * Math.max(0, distance) / knee) / softness);
    }

    /**
     * The distance at a score; infinite at 0 and where the distance exceeds what a number holds.
     *
     * @throws InvalidInput if the score is not in [0,1]
     */
    public double distance(Resolution resolution, double score) {
        if (!(score >= 0 && score <= 1)) {
            throw new InvalidInput("score", "must be in [0,1], is " + score);
        }
        return Math.expm1(softness * (1 / score - 1)) * knee / of(resolution);
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new InvalidInput(name, "must be a positive number, is " + value);
        }
    }
}
