package engram.memory.embedded;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.knn.KnnCollectorManager;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/**
 * A nearest-neighbour query whose walk through a graph starts at the nearest of a sample of the vectors that the filter
 * lets through. States form clusters (of one kind of agent doing one thing) that few edges of a graph join, so that a walk
 * from the graph's own entry point often ends in the wrong one. Filters that leave few vectors need no graph.
 */
final class SeededNearestQuery extends KnnFloatVectorQuery {
    private static final int LARGEST_SAMPLE = 2_048;
    private static final int SMALLEST_SAMPLE = 256;

    /** Of how many vectors one is in the sample, within these bounds. */
    private static final int SAMPLED = 192;

    private static final int SEEDS = 4;

    /** How many vectors of its part of the segment are asked for one that the filter lets through. */
    private static final int TRIES = 8;

    private static final int NONE = -1;

    /**
     * A walk for what a filter lets through visits at most this many vectors for each one wanted, or this part of all that
     * the filter lets through. Looking for explorers near a harvester, a walk would visit every explorer, although the
     * nearest are among the first; walks that end with too few are answered by comparing all.
     */
    private static final int WALKED_PER_FOUND = 10;

    private static final int COMPARED_PER_WALKED = 12;

    private final int graphThreshold;

    /**
     * @param target kept, not copied
     * @param breadth how many are found at most, and how many candidates the walk keeps
     * @param filter null if everything may be found
     * @param graphThreshold up to how many vectors are compared one by one
     */
    SeededNearestQuery(String field, float[] target, int breadth, @Nullable Query filter, int graphThreshold) {
        super(field, target, breadth, filter);
        this.graphThreshold = graphThreshold;
    }

    @Override
    protected TopDocs approximateSearch(
            LeafReaderContext context, AcceptDocs accepted, int visitedLimit, KnnCollectorManager collectors)
            throws IOException {
        if (filter != null && accepted.cost() <= graphThreshold) {
            return exactSearch(context, accepted.iterator(), null);
        }
        int[] seeds = seeds(context, accepted.bits());
        KnnCollectorManager seeded = seeds.length == 0 ? collectors : new SeededCollectors(collectors, seeds);
        if (filter == null) {
            return super.approximateSearch(context, accepted, visitedLimit, seeded);
        }
        long bound = Math.max((long) WALKED_PER_FOUND * k, accepted.cost() / COMPARED_PER_WALKED);
        TopDocs found = super.approximateSearch(context, accepted, (int) Math.min(visitedLimit, bound), seeded);
        return new TopDocs(new TotalHits(found.totalHits.value(), TotalHits.Relation.EQUAL_TO), found.scoreDocs);
    }

    /** The ordinals of the nearest of the sample, ascending; none where a segment is too small for a graph. */
    private int[] seeds(LeafReaderContext context, @Nullable Bits accepted) throws IOException {
        FloatVectorValues vectors = context.reader().getFloatVectorValues(field);
        if (vectors == null || vectors.size() <= graphThreshold) {
            return new int[0];
        }
        VectorScorer scorer = vectors.scorer(target);
        if (scorer == null) {
            return new int[0];
        }
        DocIdSetIterator documents = scorer.iterator();
        PriorityQueue<Seed> nearest = new PriorityQueue<>(Comparator.comparingDouble(Seed::score));
        int sample = Math.min(vectors.size(), Math.clamp(vectors.size() / SAMPLED, SMALLEST_SAMPLE, LARGEST_SAMPLE));
        for (int part = 0; part < sample; part++) {
            int ordinal = ordinal(vectors, part, sample, accepted);
            if (ordinal != NONE) {
                documents.advance(vectors.ordToDoc(ordinal));
                nearest.add(new Seed(ordinal, scorer.score()));
                if (nearest.size() > SEEDS) {
                    nearest.remove();
                }
            }
        }
        return nearest.stream().mapToInt(Seed::ordinal).sorted().toArray();
    }

    /**
     * One of a part of the vectors, by chance: what agents write in turn lies at even distances, and a sample at even
     * distances would know one agent only.
     */
    private static int ordinal(FloatVectorValues vectors, int part, int parts, @Nullable Bits accepted) {
        int from = (int) ((long) part * vectors.size() / parts);
        int to = (int) ((part + 1L) * vectors.size() / parts);
        int start = Math.floorMod(part * 0x9E3779B9, to - from);
        for (int i = 0; i < Math.min(TRIES, to - from); i++) {
            int ordinal = from + (start + i) % (to - from);
            if (accepted == null || accepted.get(vectors.ordToDoc(ordinal))) {
                return ordinal;
            }
        }
        return NONE;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && graphThreshold == ((SeededNearestQuery) other).graphThreshold;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + graphThreshold;
    }

    private record Seed(int ordinal, float score) {}

    /** Makes collectors that say where to start. The ordinals are ascending. */
    @SuppressWarnings("ArrayRecordComponent")
    private record SeededCollectors(KnnCollectorManager collectors, int[] seeds) implements KnnCollectorManager {
        @Override
        public KnnCollector newCollector(int visitedLimit, KnnSearchStrategy strategy, LeafReaderContext context)
                throws IOException {
            return seeded(collectors.newCollector(visitedLimit, strategy, context));
        }

        @Override
        public KnnCollector newOptimisticCollector(
                int visitedLimit, KnnSearchStrategy strategy, LeafReaderContext context, int k) throws IOException {
            return seeded(collectors.newOptimisticCollector(visitedLimit, strategy, context, k));
        }

        @Override
        public boolean isOptimistic() {
            return collectors.isOptimistic();
        }

        private KnnCollector seeded(KnnCollector collector) {
            KnnSearchStrategy own = collector.getSearchStrategy();
            if (own instanceof KnnSearchStrategy.Seeded) {
                return collector;
            }
            KnnSearchStrategy strategy = new KnnSearchStrategy.Seeded(new Ordinals(seeds), seeds.length, own);
            return new KnnCollector.Decorator(collector) {
                @Override
                public KnnSearchStrategy getSearchStrategy() {
                    return strategy;
                }
            };
        }
    }

    /** Ascending numbers as Lucene iterates over them. */
    private static final class Ordinals extends DocIdSetIterator {
        private final int[] ascending;
        private int place = -1;

        Ordinals(int[] ascending) {
            this.ascending = ascending;
        }

        @Override
        public int docID() {
            if (place < 0) {
                return -1;
            }
            return place < ascending.length ? ascending[place] : NO_MORE_DOCS;
        }

        @Override
        public int nextDoc() {
            place++;
            return docID();
        }

        @Override
        public int advance(int target) {
            int found = Arrays.binarySearch(ascending, target);
            place = found < 0 ? -found - 1 : found;
            return docID();
        }

        @Override
        public long cost() {
            return ascending.length;
        }
    }
}
