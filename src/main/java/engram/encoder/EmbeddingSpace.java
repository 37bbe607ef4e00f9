package engram.encoder;

/**
 * The vectors of one encoder version: how a wide vector becomes a narrower one and how a distance becomes a score.
 * Vectors of different embedding spaces must never be compared. Implementations are thread-safe.
 */
public interface EmbeddingSpace {
    /**
     * The vector at a narrower (or the same) resolution, by linear layers only: 384 → 128 → 32.
     *
     * @param vector of {@code from.dimensions()} numbers; not changed, not kept
     * @return a new array of {@code to.dimensions()} numbers
     * @throws engram.error.InvalidInput if {@code to} is wider than {@code from} or the length is wrong
     */
    float[] compress(float[] vector, Resolution from, Resolution to);

    /**
     * The score of two vectors of one resolution at a Euclidean distance: in [0,1], 1 is identical, decreasing in the
     * distance, and comparable between resolutions.
     */
    double score(Resolution resolution, double distance);

    /** The largest distance whose score is at least {@code score}; the inverse of {@link #score}. */
    double distance(Resolution resolution, double score);
}
