package engram.memory.embedded;

import engram.memory.Memory;
import engram.memory.MemoryChanges;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Recalls that were counted and are not in the record yet: many searches make one small write. Thread-safe. */
final class RecallCounts {
    private final ConcurrentHashMap<String, Count> waiting = new ConcurrentHashMap<>();

    /** @param last when the last of the recalls happened */
    record Count(long recalls, Instant last) {
        Count plus(Count other) {
            return new Count(recalls + other.recalls, last.isAfter(other.last) ? last : other.last);
        }

        private Count minus(Count other) {
            return new Count(recalls - other.recalls, last);
        }
    }

    void add(Map<String, Integer> counts, Instant at) {
        counts.forEach((id, recalls) -> waiting.merge(id, new Count(recalls, at), Count::plus));
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    Memory in(Memory memory) {
        Count count = waiting.isEmpty() ? null : waiting.get(memory.id());
        return count == null
                ? memory
                : MemoryChanges.recalled(memory, memory.recalls() + count.recalls(), count.last());
    }

    Map<String, Count> snapshot() {
        return new HashMap<>(waiting);
    }

    /** Takes out what has been written. */
    void remove(Map<String, Count> written) {
        written.forEach((id, count) -> waiting.computeIfPresent(id, (_, now) -> {
            Count left = now.minus(count);
            return left.recalls() == 0 ? null : left;
        }));
    }

    /** Writes counts into the record; the row's checksum does not cover them. */
    static Boolean write(WriteTransaction transaction, Map<String, Count> counts) throws SQLException {
        for (Map.Entry<String, Count> count : counts.entrySet()) {
            transaction
                    .database()
                    .update(
                            "UPDATE memories SET recalls=recalls+?, last_recalled=max(ifnull(last_recalled, 0), ?)"
                                    + " WHERE id=?",
                            count.getValue().recalls(),
                            count.getValue().last().toEpochMilli(),
                            count.getKey());
        }
        return true;
    }
}
