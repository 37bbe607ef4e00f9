package engram.replay;

/** Which row of a full table makes room for a new one. */
public sealed interface Remover {
    /** First in, first out. */
    static Remover oldest() {
        return new Oldest();
    }

    /** First in, first out. */
    record Oldest() implements Remover {}

    /** The one of the lowest priority, of several the one in the lowest place. O(log n). */
    record LowestPriority() implements Remover {}

    /**
     * Any, every one alike.
     *
     * @param seed of its own generator, whose state is saved with the table
     */
    record Uniform(long seed) implements Remover {}
}
