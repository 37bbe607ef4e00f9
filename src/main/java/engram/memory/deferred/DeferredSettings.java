package engram.memory.deferred;

import engram.error.InvalidInput;
import java.time.Duration;

/**
 * Settings of the spool.
 *
 * @param maximumBytes how many bytes may wait, over all spaces
 * @param maximumWrites how many requests may wait, over all spaces
 * @param segmentBytes from which size on a file is followed by a new one
 * @param drainWait how long a new write waits for those before it while they are being delivered
 * @param retryEvery how long delivery waits after the store was away
 */
public record DeferredSettings(
        long maximumBytes, int maximumWrites, int segmentBytes, Duration drainWait, Duration retryEvery) {
    private static final int LARGEST_SEGMENT = 256 << 20;

    public DeferredSettings {
        require(maximumBytes > 0, "engram.spool.size");
        require(maximumWrites > 0, "engram.spool.writes");
        require(segmentBytes > 0, "engram.spool.segment-size");
        if (segmentBytes > LARGEST_SEGMENT) {
            throw new InvalidInput("engram.spool.segment-size", "is at most 256M: a file is read whole at the start");
        }
        require(!drainWait.isNegative(), "engram.spool.drain-wait");
        require(retryEvery.isPositive(), "engram.spool.retry-every");
    }

    /** A spool of 1 GiB and 100,000 writes. */
    public static DeferredSettings defaults() {
        return new DeferredSettings(1L << 30, 100_000, 16 << 20, Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    private static void require(boolean condition, String setting) {
        if (!condition) {
            throw new InvalidInput(setting, "must be positive");
        }
    }
}
