package engram.memory;

import java.time.Duration;
import java.time.Instant;

/**
 * How much a memory matters, and how ready it is to move to a lower tier:
 *
 * <pre>
 * importance     = 0.4·min(1, |reward|/10) + 0.2·e^(−age/24 h) + 0.3·min(recalls/5, 1) + 0.1·surprise
 * demotion score = age/ttl · (1 − importance)
 * </pre>
 *
 * An importance that a client has set overrides the formula. A memory of the future has age 0.
 */
public final class Importance {
    private static final double REWARD_WEIGHT = 0.4;
    private static final double FULL_REWARD = 10;
    private static final double RECENCY_WEIGHT = 0.2;
    private static final double RECENCY_MILLIS = Duration.ofHours(24).toMillis();
    private static final double RECALLS_WEIGHT = 0.3;
    private static final double FULL_RECALLS = 5;
    private static final double SURPRISE_WEIGHT = 0.1;

    private Importance() {}

    /** The importance of a memory at a moment, in [0,1]. */
    public static double of(Memory memory, Instant now) {
        Double set = memory.importance();
        if (set != null) {
            return set;
        }
        Double reward = memory.reward();
        return formula(reward == null ? 0 : reward, age(memory.time(), now), memory.recalls(), memory.surprise());
    }

    /**
     * The formula by itself.
     *
     * @param reward any number; its size counts, not its sign
     * @param age since the memory happened; negative counts as none
     * @param recalls how often it was recalled, at least 0
     * @param surprise in [0,1]
     * @return in [0,1]
     */
    public static double formula(double reward, Duration age, long recalls, double surprise) {
        double importance = REWARD_WEIGHT * Math.min(1, Math.abs(reward) / FULL_REWARD)
                + RECENCY_WEIGHT * Math.exp(-Math.max(0, age.toMillis()) / RECENCY_MILLIS)
                + RECALLS_WEIGHT * Math.min(recalls / FULL_RECALLS, 1)
                + SURPRISE_WEIGHT * surprise;
        // The weights sum to 1, but not exactly so in floating point.
        return Math.clamp(importance, 0.0, 1.0);
    }

    /**
     * How ready a memory is to be demoted; at least 0, above 1 only for one older than its time to live.
     *
     * @param memory the memory
     * @param timeToLive of its tier; positive
     * @param now the moment asked about
     */
    public static double demotionScore(Memory memory, Duration timeToLive, Instant now) {
        double age = age(memory.time(), now).toMillis();
        return age / timeToLive.toMillis() * (1 - of(memory, now));
    }

    /** The age of what happened at {@code time}, at least none. */
    public static Duration age(Instant time, Instant now) {
        return time.isAfter(now) ? Duration.ZERO : Duration.between(time, now);
    }
}
