package engram.run;

import engram.error.InvalidInput;
import java.time.Duration;

/**
 * How many runs there may be.
 *
 * @param threads how many execute at the same time, at least 1
 * @param queued how many may wait for a thread, at least 1; one more is refused
 * @param kept how many finished runs are remembered, at least 1; the oldest are forgotten
 * @param closeWithin how long closing waits for cancelled runs to stop; not negative
 */
public record RunSettings(int threads, int queued, int kept, Duration closeWithin) {
    public RunSettings {
        requirePositive("threads", threads);
        requirePositive("queued", queued);
        requirePositive("kept", kept);
        if (closeWithin.isNegative()) {
            throw new InvalidInput("closeWithin", "is not negative");
        }
    }

    /** One run at a time, 100 waiting, 1,000 remembered, ten seconds to stop. */
    public static RunSettings defaults() {
        return new RunSettings(1, 100, 1_000, Duration.ofSeconds(10));
    }

    private static void requirePositive(String field, int value) {
        if (value < 1) {
            throw new InvalidInput(field, "is at least 1, not " + value);
        }
    }
}
