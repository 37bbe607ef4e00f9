package engram.memory.space;

import engram.error.InvalidInput;
import engram.memory.Filter;
import engram.memory.Tier;
import java.util.Objects;
import java.util.Set;

/**
 * A similarity search in a space.
 *
 * @param query what to look for
 * @param k how many matches at most, at least 1
 * @param tiers where to look; empty for every tier the query can reach
 * @param filter what a memory must satisfy
 * @param minScore the least similarity score of a match, in [0,1]
 * @param ranking how matches are ordered
 * @param excluded ids that are not to be returned
 * @param exact whether to compare every candidate instead of walking the index
 */
public record Recall(
        Query query,
        int k,
        Set<Tier> tiers,
        Filter filter,
        double minScore,
        Ranking ranking,
        Set<String> excluded,
        boolean exact) {
    public Recall {
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(ranking, "ranking");
        tiers = Set.copyOf(tiers);
        excluded = Set.copyOf(excluded);
        if (k < 1) {
            throw new InvalidInput("k", "is at least 1, not " + k);
        }
        if (!(minScore >= 0 && minScore <= 1)) {
            throw new InvalidInput("minScore", "is between 0 and 1, not " + minScore);
        }
    }

    /** A recall of the {@code k} most similar memories of all tiers. */
    public static Recall of(Query query, int k) {
        return new Recall(query, k, Set.of(), Filter.ALL, 0, Ranking.BY_SIMILARITY, Set.of(), false);
    }
}
