package engram.memory;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How many memories a store holds.
 *
 * @param counts one row for each agent, kind and tier that has memories
 * @param recordBytes the size of the record on disk
 * @param indexBytes the size of the indexes on disk
 * @param sequence the number of the last change
 */
public record Statistics(List<Count> counts, long recordBytes, long indexBytes, long sequence) {
    public Statistics {
        counts = List.copyOf(counts);
    }

    /** How many memories one agent has of one kind in one tier. */
    public record Count(String agent, Kind kind, Tier tier, long memories) {}

    /** All memories. */
    public long total() {
        return counts.stream().mapToLong(Count::memories).sum();
    }

    /** Memories by tier; every tier is there. */
    public Map<Tier, Long> byTier() {
        Map<Tier, Long> byTier = new EnumMap<>(Tier.class);
        for (Tier tier : Tier.values()) {
            byTier.put(tier, 0L);
        }
        counts.forEach(count -> byTier.merge(count.tier(), count.memories(), Long::sum));
        return byTier;
    }
}
