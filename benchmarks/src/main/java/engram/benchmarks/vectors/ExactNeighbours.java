package engram.benchmarks.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The true nearest neighbours of queries by Euclidean distance, every row compared with every query. */
final class ExactNeighbours {
    /** Rows that fit into a processor's own cache while all queries pass over them. */
    private static final int BLOCK = 64;

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = VectorSource.DIMENSIONS;

    private final VectorFile vectors;
    private final VectorFile queries;
    private final int[] shares;
    private final int neighbours;

    /**
     * @param shares of the rows that count, in percent: those whose number modulo 100 is below it
     * @param neighbours how many of each query are looked for
     */
    ExactNeighbours(VectorFile vectors, VectorFile queries, int[] shares, int neighbours) {
        this.vectors = vectors;
        this.queries = queries;
        this.shares = shares.clone();
        this.neighbours = neighbours;
    }

    /** The neighbours by share and query, nearest first. */
    int[][][] find(int threads) throws InterruptedException, ExecutionException {
        int[][][] found = new int[shares.length][queries.rows()][];
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> parts = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int from = (int) ((long) queries.rows() * thread / threads);
                int to = (int) ((long) queries.rows() * (thread + 1) / threads);
                parts.add(executor.submit(() -> find(from, to, found)));
            }
            for (Future<?> part : parts) {
                part.get();
            }
        }
        return found;
    }

    private void find(int from, int to, int[][][] found) {
        float[][] asked = new float[to - from][];
        NearestRows[][] nearest = new NearestRows[shares.length][to - from];
        for (int query = 0; query < asked.length; query++) {
            asked[query] = queries.row(from + query);
            for (NearestRows[] ofShare : nearest) {
                ofShare[query] = new NearestRows(neighbours);
            }
        }
        float[] block = new float[BLOCK * WIDTH];
        for (int first = 0; first < vectors.rows(); first += BLOCK) {
            int count = Math.min(BLOCK, vectors.rows() - first);
            vectors.read(first, count, block);
            for (int query = 0; query < asked.length; query++) {
                for (int row = 0; row < count; row++) {
                    float distance = squaredDistance(block, row * WIDTH, asked[query]);
                    for (int share = 0; share < shares.length; share++) {
                        if ((first + row) % 100 < shares[share]) {
                            nearest[share][query].offer(first + row, distance);
                        }
                    }
                }
            }
        }
        for (int share = 0; share < shares.length; share++) {
            for (int query = 0; query < asked.length; query++) {
                found[share][from + query] = nearest[share][query].rows();
            }
        }
    }

    private static float squaredDistance(float[] rows, int offset, float[] query) {
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector other = FloatVector.zero(SPECIES);
        int step = SPECIES.length();
        for (int i = 0; i < WIDTH; i += 2 * step) {
            FloatVector difference =
                    FloatVector.fromArray(SPECIES, rows, offset + i).sub(FloatVector.fromArray(SPECIES, query, i));
            sum = difference.fma(difference, sum);
            difference = FloatVector.fromArray(SPECIES, rows, offset + i + step)
                    .sub(FloatVector.fromArray(SPECIES, query, i + step));
            other = difference.fma(difference, other);
        }
        return sum.add(other).reduceLanes(VectorOperators.ADD);
    }
}
