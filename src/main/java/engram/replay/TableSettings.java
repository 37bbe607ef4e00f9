package engram.replay;

import java.util.Objects;

/**
 * What a table is made of.
 *
 * @param shape how wide its rows are
 * @param capacity the most rows, 1 to 2³⁰
 * @param sampler which rows are drawn
 * @param remover which row makes room
 * @param limiter when to insert and when to sample
 */
public record TableSettings(
        TransitionShape shape, int capacity, Sampler sampler, Remover remover, RateLimiter limiter) {
    private static final int MOST = 1 << 30;

    public TableSettings {
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(sampler, "sampler");
        Objects.requireNonNull(remover, "remover");
        Objects.requireNonNull(limiter, "limiter");
        if (capacity < 1 || capacity > MOST) {
            throw new IllegalArgumentException("A table has 1 to " + MOST + " rows, not " + capacity + ".");
        }
        if (limiter.minimumSize() > capacity) {
            throw new IllegalArgumentException("A table of " + capacity + " rows never holds the "
                    + limiter.minimumSize() + " that its limiter waits for.");
        }
        boolean recent = sampler instanceof Sampler.Recent || sampler instanceof Sampler.Fading;
        if (recent && !(remover instanceof Remover.Oldest)) {
            throw new IllegalArgumentException("Recent rows are drawn only where the oldest row is removed first.");
        }
    }

    /** Uniform draws from the last {@code capacity} rows, as soon as there is one. */
    public static TableSettings uniform(TransitionShape shape, int capacity) {
        return new TableSettings(shape, capacity, Sampler.uniform(), Remover.oldest(), RateLimiter.minimumSize(1));
    }

    /** Draws by priority from the last {@code capacity} rows, as soon as there is one. */
    public static TableSettings prioritized(TransitionShape shape, int capacity, double alpha) {
        return new TableSettings(
                shape, capacity, Sampler.prioritized(alpha), Remover.oldest(), RateLimiter.minimumSize(1));
    }

    /** The same with another sampler. */
    public TableSettings withSampler(Sampler next) {
        return new TableSettings(shape, capacity, next, remover, limiter);
    }

    /** The same with another remover. */
    public TableSettings withRemover(Remover next) {
        return new TableSettings(shape, capacity, sampler, next, limiter);
    }

    /** The same with another rate limiter. */
    public TableSettings withLimiter(RateLimiter next) {
        return new TableSettings(shape, capacity, sampler, remover, next);
    }

    /** Whether priorities are kept. */
    boolean keepsPriorities() {
        return sampler instanceof Sampler.Prioritized || remover instanceof Remover.LowestPriority;
    }
}
