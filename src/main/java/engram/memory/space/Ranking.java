package engram.memory.space;

import engram.error.InvalidInput;
import java.time.Duration;
import java.util.Objects;

/**
 * How matches are ordered: by the weighted mean of four numbers in [0,1]. Candidates are found by similarity first.
 *
 * @param similarity weight of the similarity score
 * @param recency weight of 2^(−age / halfLife)
 * @param importance weight of the importance
 * @param novelty weight of 1/(1 + recalls): memories that were seldom recalled come first
 * @param halfLife the age at which recency is one half; positive
 */
public record Ranking(double similarity, double recency, double importance, double novelty, Duration halfLife) {
    /** Similarity alone. */
    public static final Ranking BY_SIMILARITY = new Ranking(1, 0, 0, 0, Duration.ofHours(24));

    public Ranking {
        requireWeight("similarity", similarity);
        requireWeight("recency", recency);
        requireWeight("importance", importance);
        requireWeight("novelty", novelty);
        Objects.requireNonNull(halfLife, "halfLife");
        if (halfLife.isNegative() || halfLife.isZero()) {
            throw new InvalidInput("halfLife", "is longer than nothing");
        }
        if (similarity + recency + importance + novelty <= 0) {
            throw new InvalidInput("", "at least one weight is above 0");
        }
    }

    /** Whether the order is that of the similarity alone. */
    public boolean bySimilarityAlone() {
        return recency == 0 && importance == 0 && novelty == 0;
    }

    private static void requireWeight(String field, double weight) {
        if (!(weight >= 0 && weight <= 1_000)) {
            throw new InvalidInput(field, "is a weight between 0 and 1000, not " + weight);
        }
    }
}
