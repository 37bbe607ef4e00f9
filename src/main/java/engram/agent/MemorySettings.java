package engram.agent;

import engram.error.InvalidInput;
import engram.memory.Kind;
import engram.replay.SharedReplaySettings;
import engram.replay.SharedReplaySettings.Strategy;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How an agent with a space lives from it.
 *
 * @param learn whether transitions from the space are learned from, beside the agent's own
 * @param remember whether the agent's own transitions are remembered in the space
 * @param strategy which experiences are drawn
 * @param own whether its own experiences are drawn from the space too
 * @param include the agents whose experiences are drawn; empty for all
 * @param exclude the agents whose experiences are not
 * @param leastAgreement how far what follows in others' experiences must agree with what the agent itself lives through
 *     before it learns from them, in [0,1] as {@link Agreement} has it; 0 does not ask
 * @param leastSimilarity the least score of an experience that {@link Strategy#SIMILAR} takes in, in [0,1]
 * @param greatestAge how old an experience may be; zero for any age
 * @param held how many experiences are held at most, the newest; 1 or more
 */
public record MemorySettings(
        boolean learn,
        boolean remember,
        Strategy strategy,
        boolean own,
        List<String> include,
        List<String> exclude,
        double leastAgreement,
        double leastSimilarity,
        Duration greatestAge,
        int held) {
    private static final int MOST_WAITING = 100_000;

    public MemorySettings {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        Checks.share("leastAgreement", leastAgreement);
        Checks.share("leastSimilarity", leastSimilarity);
        if (greatestAge.isNegative()) {
            throw new InvalidInput("greatestAge", "must not be negative");
        }
        if (held < 1) {
            throw new InvalidInput("held", "is " + held + ", but must be 1 or more");
        }
    }

    /** Uniformly from the 50,000 newest experiences of all others; what the agent lives through is remembered. */
    public static MemorySettings defaults() {
        return new MemorySettings(
                true, true, Strategy.UNIFORM, false, List.of(), List.of(), 0.25, 0, Duration.ZERO, 50_000);
    }

    MemorySettings remembering(boolean changed) {
        return new MemorySettings(
                learn, changed, strategy, own, include, exclude, leastAgreement, leastSimilarity, greatestAge, held);
    }

    SharedReplaySettings forAgent(String agent) {
        return new SharedReplaySettings(
                agent,
                0.5,
                strategy,
                leastSimilarity,
                greatestAge.isZero() ? null : greatestAge,
                own,
                Set.copyOf(include),
                Set.copyOf(exclude),
                Set.of(Kind.EXPERIENCE),
                held,
                0.6,
                MOST_WAITING,
                Duration.ofMillis(500),
                SharedReplaySettings.Folding.NONE);
    }
}
