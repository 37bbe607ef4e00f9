package engram.memory;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A search for the nearest memories of one encoder version.
 *
 * @param version whose vectors are compared
 * @param queries the query vector of each tier to search; owned by the search, not to be changed by anyone
 * @param k how many at most of each tier, at least 1
 * @param filter what a memory must satisfy
 * @param excluded ids that are not to be returned
 * @param exact whether every candidate is compared instead of walking the graph
 */
public record Search(
        EmbeddingVersion version,
        Map<Tier, float[]> queries,
        int k,
        Filter filter,
        Set<String> excluded,
        boolean exact) {
    public Search {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(filter, "filter");
        queries = Map.copyOf(queries);
        excluded = Set.copyOf(excluded);
        if (k < 1) {
            throw new IllegalArgumentException("k is at least 1, not " + k);
        }
        queries.forEach((tier, vector) -> {
            if (vector.length != tier.resolution().dimensions()) {
                throw new IllegalArgumentException("a query of " + vector.length + " numbers for " + tier);
            }
        });
    }

    /**
     * A memory that was found.
     *
     * @param memory the memory; its tier says which query it was compared with
     * @param distance the Euclidean distance of its vector to that query, at least 0
     */
    public record Hit(Memory memory, double distance) {}
}
