package engram.replay;

/**
 * The priority of an experience in a space is kept as the memory's importance, so that what can be learned from is also
 * what consolidation keeps longest: importance = priority / (1 + priority). One number is set in one edit, which cannot
 * lose an edit of another client, as a rewritten set of tags could.
 */
public final class SharedPriority {
    /** What an experience without an importance of its own counts. */
    public static final double UNKNOWN = 1;

    private static final double LEAST_REST = 1e-12;

    private SharedPriority() {}

    /** The importance in [0,1] of a priority of at least 0. */
    public static double toImportance(double priority) {
        return priority / (1 + priority);
    }

    /** The priority that an importance in [0,1] stands for, at most 1e12. */
    public static double ofImportance(double importance) {
        return importance / Math.max(LEAST_REST, 1 - importance);
    }
}
