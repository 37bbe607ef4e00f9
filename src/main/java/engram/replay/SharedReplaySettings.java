package engram.replay;

import engram.memory.Kind;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a learner lives from a shared space.
 *
 * @param agent the learner's own name, under which it remembers
 * @param share the part of a combined batch that comes from the space, in [0,1]
 * @param strategy which of the experiences held are drawn
 * @param leastSimilarity the least score in [0,1] of an experience that {@link Strategy#SIMILAR} takes in
 * @param greatestAge how old an experience may be, null for any age
 * @param own whether the learner's own experiences are drawn
 * @param include the agents whose experiences are drawn; empty for all
 * @param exclude the agents whose experiences are not
 * @param kinds the kinds of memories that are looked at for experiences
 * @param held the most experiences held here, at least 1: the newest, or the last recalled
 * @param alpha how much priorities count where they are drawn by, in [0,1]
 * @param waiting the most own transitions that wait for a space that is away; beyond it the oldest are dropped
 * @param every how often the space is looked at
 * @param folding over how many steps of one agent an experience is folded when it is drawn
 */
public record SharedReplaySettings(
        String agent,
        double share,
        Strategy strategy,
        double leastSimilarity,
        @Nullable Duration greatestAge,
        boolean own,
        Set<String> include,
        Set<String> exclude,
        Set<Kind> kinds,
        int held,
        double alpha,
        int waiting,
        Duration every,
        Folding folding) {
    /** Which of the experiences held are drawn. */
    public enum Strategy {
        /** Any, every one alike. */
        UNIFORM,
        /** By the priorities that learners have left in the space. */
        PRIORITIZED,
        /** Of the newest tenth, every one alike. */
        RECENT,
        /**
         * Those that the space recalls for the observations this learner has shown last; none before the first is shown.
         */
        SIMILAR
    }

    public SharedReplaySettings {
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(every, "every");
        Objects.requireNonNull(folding, "folding");
        include = Set.copyOf(include);
        exclude = Set.copyOf(exclude);
        kinds = Set.copyOf(kinds);
        if (agent.isBlank()) {
            throw new IllegalArgumentException("A learner that shares has a name.");
        }
        unit("share", share);
        unit("leastSimilarity", leastSimilarity);
        unit("alpha", alpha);
        if (held < 1 || waiting < 1 || kinds.isEmpty() || every.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "held and waiting are at least 1, kinds names one, every is at least 1 ms.");
        }
    }

    /** A quarter of a batch, uniformly from the 50,000 newest experiences of everyone, looked at every second. */
    public static SharedReplaySettings of(String agent) {
        return new SharedReplaySettings(
                agent,
                0.25,
                Strategy.UNIFORM,
                0,
                null,
                true,
                Set.of(),
                Set.of(),
                Set.of(Kind.EXPERIENCE),
                50_000,
                0.6,
                100_000,
                Duration.ofSeconds(1),
                Folding.NONE);
    }

    /** The same with another strategy. */
    public SharedReplaySettings withStrategy(Strategy next) {
        return with(share, next, leastSimilarity, greatestAge, own, include, exclude, held, waiting, folding);
    }

    /** The same with another share. */
    public SharedReplaySettings withShare(double next) {
        return with(next, strategy, leastSimilarity, greatestAge, own, include, exclude, held, waiting, folding);
    }

    /** The same with other source agents. */
    public SharedReplaySettings withSources(boolean ownToo, Set<String> included, Set<String> excluded) {
        return with(share, strategy, leastSimilarity, greatestAge, ownToo, included, excluded, held, waiting, folding);
    }

    /** The same with other bounds of what is held and of what waits. */
    public SharedReplaySettings withBounds(int mostHeld, int mostWaiting) {
        return with(
                share, strategy, leastSimilarity, greatestAge, own, include, exclude, mostHeld, mostWaiting, folding);
    }

    /** The same with other bounds of what is taken in. */
    public SharedReplaySettings withLimits(double least, @Nullable Duration greatest) {
        return with(share, strategy, least, greatest, own, include, exclude, held, waiting, folding);
    }

    /** The same with experiences folded. */
    public SharedReplaySettings withFolding(Folding next) {
        return with(share, strategy, leastSimilarity, greatestAge, own, include, exclude, held, waiting, next);
    }

    private SharedReplaySettings with(
            double nextShare,
            Strategy nextStrategy,
            double nextLeast,
            @Nullable Duration nextAge,
            boolean nextOwn,
            Set<String> nextInclude,
            Set<String> nextExclude,
            int nextHeld,
            int nextWaiting,
            Folding nextFolding) {
        return new SharedReplaySettings(
                agent,
                nextShare,
                nextStrategy,
                nextLeast,
                nextAge,
                nextOwn,
                nextInclude,
                nextExclude,
                kinds,
                nextHeld,
                alpha,
                nextWaiting,
                every,
                nextFolding);
    }

    /** How many rows of a batch come from the space. */
    public int rowsOf(int batchSize) {
        return (int) Math.round(share * batchSize);
    }

    /** Whether experiences of an agent are drawn. */
    boolean takes(String from) {
        return (own || !from.equals(agent)) && (include.isEmpty() || include.contains(from)) && !exclude.contains(from);
    }

    /**
     * How experiences that followed one another are put together, as by {@link NStep}.
     *
     * @param steps over how many at most, 1 to 10,000
     * @param discount γ, in [0,1]
     */
    public record Folding(int steps, double discount) {
        /** Every experience by itself. */
        public static final Folding NONE = new Folding(1, 1);

        public Folding {
            if (steps < 1 || steps > 10_000) {
                throw new IllegalArgumentException("steps are 1 to 10,000, not " + steps);
            }
            unit("discount", discount);
        }
    }

    private static void unit(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is in [0,1], not " + value);
        }
    }
}
