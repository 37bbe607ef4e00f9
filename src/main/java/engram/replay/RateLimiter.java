package engram.replay;

/**
 * Keeps learning in step with acting: how many rows may be sampled for every one inserted (Reverb's
 * {@code SampleToInsertRatio}). It answers questions and never blocks or refuses, because actor and learner may share a
 * thread: ask {@link Table#canInsert} before acting, and learn first if it says no; ask {@link Table#canSample} before
 * learning, and act first if it says no. A batch of 64 rows counts as 64.
 *
 * <p>Both are not refused at once as long as twice the tolerance is at least the batch's size plus
 * {@code samplesPerInsert}.
 *
 * @param samplesPerInsert how many rows are sampled for every one inserted, in the long run; above 0
 * @param minimumSize how many rows must have been inserted before the first sample, at least 1
 * @param tolerance how many sampled rows both may run ahead of each other; at least the larger of 1 and
 *     {@code samplesPerInsert}, infinite for no ratio at all
 */
public record RateLimiter(double samplesPerInsert, int minimumSize, double tolerance) {
    public RateLimiter {
        if (!(samplesPerInsert > 0) || Double.isInfinite(samplesPerInsert)) {
            throw new IllegalArgumentException("samplesPerInsert is a number above 0, not " + samplesPerInsert);
        }
        if (minimumSize < 1) {
            throw new IllegalArgumentException("minimumSize is at least 1, not " + minimumSize);
        }
        if (!(tolerance >= Math.max(1, samplesPerInsert))) {
            throw new IllegalArgumentException(
                    "The tolerance is at least " + Math.max(1, samplesPerInsert) + ", not " + tolerance);
        }
    }

    /** No ratio, only a number of rows that must have been inserted before the first sample. */
    public static RateLimiter minimumSize(int rows) {
        return new RateLimiter(1, rows, Double.POSITIVE_INFINITY);
    }

    boolean canInsert(long inserted, long sampled, int rows) {
        return inserted + rows <= minimumSize
                || (inserted + rows - minimumSize) * samplesPerInsert - sampled <= tolerance;
    }

    boolean canSample(long inserted, long sampled, int rows) {
        return inserted >= minimumSize && (inserted - minimumSize) * samplesPerInsert - (sampled + rows) >= -tolerance;
    }
}
