package engram.agent;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Where the time of learning goes. Used by one thread at a time. */
public final class StageTimes {
    private final Map<Stage, Long> nanoseconds = new EnumMap<>(Stage.class);

    /** None so far. */
    public StageTimes() {
        for (Stage stage : Stage.values()) {
            nanoseconds.put(stage, 0L);
        }
    }

    /** Adds what has passed since {@code start}, and returns the time now for the next stage. */
    public long add(Stage stage, long start) {
        long now = System.nanoTime();
        nanoseconds.merge(stage, now - start, Long::sum);
        return now;
    }

    /** The share of each stage in the time of all, in [0,1]; all 0 at the start. */
    public Map<Stage, Double> shares() {
        double total = Math.max(
                1, nanoseconds.values().stream().mapToLong(Long::longValue).sum());
        Map<Stage, Double> shares = new EnumMap<>(Stage.class);
        nanoseconds.forEach((stage, each) -> shares.put(stage, each / total));
        return shares;
    }

    /** The stage that takes the most time. */
    public Stage bottleneck() {
        return nanoseconds.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
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
