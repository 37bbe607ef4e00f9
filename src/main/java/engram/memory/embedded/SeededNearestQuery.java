package engram.memory.embedded;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
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
    private static final int SEEDS = 16;

    /**
     * A walk for what a filter lets through visits at most this many vectors for each one wanted, or this part of all that
     * the filter lets through. Looking for explorers near a harvester, a walk would visit every explorer, although the
     * nearest are among the first; walks that end with too few are answered by comparing all.
     */
    private static final int WALKED_PER_FOUND = 10;

    private static final int COMPARED_PER_WALKED = 12;

    private final int graphThreshold;
    private final VectorSamples samples;

    /**
     * @param target kept, not copied
     * @param breadth how many are found at most, and how many candidates the walk keeps
     * @param filter null if everything may be found
     * @param graphThreshold up to how many vectors are compared one by one
     * @param samples of the index that is searched
     */
    SeededNearestQuery(
            String field,
            float[] target,
            int breadth,
            @Nullable Query filter,
            int graphThreshold,
            VectorSamples samples) {
        super(field, target, breadth, filter);
        this.graphThreshold = graphThreshold;
        this.samples = samples;
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
        return samples.of(context.reader(), field, vectors).nearest(target, SEEDS, accepted);
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && graphThreshold == ((SeededNearestQuery) other).graphThreshold;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + graphThreshold;
    }

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
