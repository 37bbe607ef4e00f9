package engram.agent;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Where the time of learning goes. Used by the learner's thread; reading from others gives figures that may be a moment old. */
public final class StageTimes {
    private final long[] nanoseconds = new long[Stage.values().length];

    /** Adds what has passed since {@code start}, and returns the time now for the next stage. */
    public long add(Stage stage, long start) {
        long now = System.nanoTime();
        nanoseconds[stage.ordinal()] += now - start;
        return now;
    }

    /** The share of each stage in the time of all, in [0,1]; all 0 at the start. */
    public Map<Stage, Double> shares() {
        double total = 0;
        for (long each : nanoseconds) {
            total += each;
        }
        Map<Stage, Double> shares = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            shares.put(stage, total == 0 ? 0 : nanoseconds[stage.ordinal()] / total);
        }
        return shares;
    }

    /** The stage that takes the most time. */
    public Stage bottleneck() {
        Stage longest = Stage.ENVIRONMENT;
        for (Stage stage : Stage.values()) {
            if (nanoseconds[stage.ordinal()] > nanoseconds[longest.ordinal()]) {
                longest = stage;
            }
        }
        return longest;
    }

    /** What an agent in training does. */
    public enum Stage {
        /** The environment takes a step. */
        ENVIRONMENT,
        /** The policy chooses an action. */
        ACT,
        /** What followed goes into the replay table and into shared memory. */
        STORE,
        /** Transitions are drawn to learn from. */
        SAMPLE,
        /** The learner takes a step. */
        UPDATE,
        /** Evaluations and checkpoints. */
        EVALUATE;

        /** The name in figures. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
