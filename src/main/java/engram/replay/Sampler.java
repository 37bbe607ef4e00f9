package engram.replay;

/** Which rows of a table are drawn. All draw with replacement. */
public sealed interface Sampler {
    /** Every row alike. */
    static Sampler uniform() {
        return new Uniform();
    }

    /** By priority with the exponent {@code alpha} and an epsilon of 1e-6. */
    static Sampler prioritized(double alpha) {
        return new Prioritized(alpha, 1e-6);
    }

    /** Every row alike. */
    record Uniform() implements Sampler {}

    /**
     * Row i with probability p(i)^alpha / Σ p^alpha, one row of each of as many equal shares of the sum as are drawn, so
     * that a batch is spread over the priorities (proportional variant of Schaul et al. 2016). A new row gets the highest
     * priority there has been. A draw takes O(log n).
     *
     * @param alpha how much priorities count, in [0,1]; 0 draws uniformly
     * @param epsilon added to every priority, so that none is never drawn again; above 0
     */
    record Prioritized(double alpha, double epsilon) implements Sampler {
        public Prioritized {
            if (!(alpha >= 0 && alpha <= 1)) {
                throw new IllegalArgumentException("alpha is in [0,1], not " + alpha);
            }
            if (!(epsilon >= 1e-30 && epsilon <= 1)) {
                throw new IllegalArgumentException("epsilon is above 0 and at most 1, not " + epsilon);
            }
        }
    }

    /**
     * The last rows, every one alike. Only with {@link Remover.Oldest}.
     *
     * @param window how many, at least 1
     */
    record Recent(int window) implements Sampler {
        public Recent {
            if (window < 1) {
                throw new IllegalArgumentException("At least one row is recent, not " + window + ".");
            }
        }
    }

    /**
     * The row inserted k insertions ago with a probability that halves every {@code halfLife} insertions (a geometric
     * distribution cut at the size of the table). Only with {@link Remover.Oldest}.
     *
     * @param halfLife in insertions, above 0
     */
    record Fading(double halfLife) implements Sampler {
        public Fading {
            if (!(halfLife > 0) || Double.isInfinite(halfLife)) {
                throw new IllegalArgumentException("A half-life is a number above 0, not " + halfLife + ".");
            }
        }
    }
}
