package engram.memory;

import java.util.List;

/**
 * What became of an {@link Append}.
 *
 * @param outcomes one an entry, in the order of the entries
 * @param replayed whether the key had been used before: the outcomes are then those of the first time and nothing was
 *     written now
 */
public record Appended(List<Outcome> outcomes, boolean replayed) {
    public Appended {
        outcomes = List.copyOf(outcomes);
    }

    /** What became of one entry. */
    public sealed interface Outcome {
        /** The id of the entry. */
        String id();
    }

    /** The memory is durable and can be recalled. */
    public record Stored(String id, Tier tier, long revision) implements Outcome {}

    /** A memory of this id exists already; nothing was changed. */
    public record Duplicate(String id) implements Outcome {}
}
