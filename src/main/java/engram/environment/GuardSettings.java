package engram.environment;

import engram.error.InvalidInput;
import java.time.Duration;

/**
 * How long a {@link GuardedEnvironment} waits and how often it tries. All durations are positive.
 *
 * @param stepTimeout how long a step may take
 * @param resetTimeout how long a reset may take
 * @param startTimeout how long making an environment may take
 * @param firstBackoff how long to wait before the first restart after a fault; doubled for each further one in a row, and
 *     between half of that and all of it is really waited
 * @param longestBackoff where doubling ends
 * @param restarts how many restarts within {@code window} are tried before the environment counts as away
 * @param window how long a fault counts
 * @param probeEvery how often an environment that is away is tried again
 * @param hung how many calls that never came back may exist, each holding a thread, before no further environment is made
 */
public record GuardSettings(
        Duration stepTimeout,
        Duration resetTimeout,
        Duration startTimeout,
        Duration firstBackoff,
        Duration longestBackoff,
        int restarts,
        Duration window,
        Duration probeEvery,
        int hung) {
    /** @throws InvalidInput naming every component that is not positive */
    public GuardSettings {
        positive("stepTimeout", stepTimeout);
        positive("resetTimeout", resetTimeout);
        positive("startTimeout", startTimeout);
        positive("firstBackoff", firstBackoff);
        positive("longestBackoff", longestBackoff);
        positive("window", window);
        positive("probeEvery", probeEvery);
        if (restarts < 0) {
            throw new InvalidInput("restarts", "is " + restarts + ", but must be 0 or more");
        }
        if (hung < 1) {
            throw new InvalidInput("hung", "is " + hung + ", but must be 1 or more");
        }
    }

    /**
     * A step within 10 s, a reset or a start within 30 s; restarts after 0.1 s to 10 s, at most 5 in 60 s; a try every 30 s
     * while away; at most 4 hung threads.
     */
    public static GuardSettings defaults() {
        return new GuardSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                5,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                4);
    }

    private static void positive(String name, Duration duration) {
        if (!duration.isPositive()) {
            throw new InvalidInput(name, "is " + duration + ", but must be positive");
        }
    }
}
