package engram.replay;

import engram.memory.Filter;
import engram.memory.space.Query;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A sample of the experiences of a space.
 *
 * @param size how many, at least 1
 * @param strategy which of them
 * @param filter what an experience must satisfy
 * @param like what similar ones are similar to; null for other strategies
 * @param minScore the least similarity of those, in [0,1]
 * @param alpha how much priorities count, in [0,1]
 * @param beta how far the weights correct what drawing by priority distorts, in [0,1]
 * @param seed makes the draw repeatable while the space does not change; empty for chance
 */
public record SpaceSample(
        int size,
        SharedReplaySettings.Strategy strategy,
        Filter filter,
        @Nullable Query like,
        double minScore,
        double alpha,
        double beta,
        OptionalLong seed) {
    public SpaceSample {
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(seed, "seed");
    }
}
