package engram.replay;

import java.util.random.RandomGenerator;

/** Draws for the samplers, with the room they need. */
final class RowDraws {
    private final Nearest nearest = new Nearest();
    private double[] shares = new double[0];

    /** One of {@code size} rows, counted from the oldest. */
    int place(Sampler sampler, int size, RandomGenerator random) {
        return switch (sampler) {
            case Sampler.Recent(int window) -> size - 1 - random.nextInt(Math.min(window, size));
            case Sampler.Fading(double halfLife) -> size - 1 - age(halfLife, size, random);
            case Sampler.Uniform _, Sampler.Prioritized _ -> random.nextInt(size);
        };
    }

    /**
     * Fills a batch's weights, and its positions with bare slots, by priority: row i lies in the i-th of as many equal
     * shares of the sum as the batch has rows.
     */
    void byPriority(SumTree sums, Batch batch, double beta, RandomGenerator random) {
        if (!(beta >= 0 && beta <= 1)) {
            throw new IllegalArgumentException("beta is in [0,1], not " + beta);
        }
        int count = batch.size();
        long[] slots = batch.positions();
        double share = (double) sums.total() / count;
        if (shares.length < count) {
            shares = new double[count];
        }
        for (int i = 0; i < count; i++) {
            shares[i] = (i + random.nextDouble()) * share;
        }
        sums.find(shares, slots, count);
        float least = Float.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            least = Math.min(least, sums.get((int) slots[i]));
        }
        for (int i = 0; i < count; i++) {
            double ratio = (double) least / sums.get((int) slots[i]);
            batch.weights()[i] = (float) (ratio == 1 ? 1 : Math.pow(ratio, beta));
        }
    }

    /** An empty collection of the nearest. */
    Nearest nearest(int most) {
        nearest.begin(most);
        return nearest;
    }

    /** How many insertions ago, by the inverse of the geometric distribution cut at {@code size}. */
    private static int age(double halfLife, int size, RandomGenerator random) {
        double logKept = -StrictMath.log(2) / halfLife;
        double all = 1 - StrictMath.exp(logKept * size);
        int age = (int) (StrictMath.log(1 - random.nextDouble() * all) / logKept);
        return Math.min(age, size - 1);
    }
}
