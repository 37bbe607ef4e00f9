package engram.memory;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A page of memories in keyset order: by time, then by id.
 *
 * @param filter what a memory must satisfy
 * @param newestFirst whether times descend
 * @param after where the page begins, exclusive; null for the first page
 * @param limit how many at most, at least 1
 */
public record Scan(
        Filter filter, boolean newestFirst, @Nullable Position after, int limit) {
    public Scan {
        Objects.requireNonNull(filter, "filter");
        if (limit < 1) {
            throw new IllegalArgumentException("a page has at least one place, not " + limit);
        }
    }

    /** A place in the keyset order. */
    public record Position(Instant time, String id) {
        public Position {
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(id, "id");
        }
    }

    /**
     * A page.
     *
     * @param memories in keyset order
     * @param next where the next page begins, null after the last one
     */
    public record Page(List<Memory> memories, @Nullable Position next) {
        public Page {
            memories = List.copyOf(memories);
        }
    }
}
