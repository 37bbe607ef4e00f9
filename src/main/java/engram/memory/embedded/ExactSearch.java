package engram.memory.embedded;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.ConjunctionUtils;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/** Compares a query with every vector of an index that passes a filter. */
final class ExactSearch {
    private static final Comparator<ScoreDoc> WORST_FIRST = Comparator.<ScoreDoc>comparingDouble(
                    document -> document.score)
            .thenComparing(
                    Comparator.<ScoreDoc>comparingInt(document -> document.doc).reversed());

    private ExactSearch() {}

    static ScoreDoc[] nearest(IndexSearcher searcher, String field, float[] query, int k, @Nullable Query filter)
            throws IOException {
        Weight weight = filter == null
                ? null
                : searcher.createWeight(searcher.rewrite(filter), ScoreMode.COMPLETE_NO_SCORES, 1);
        PriorityQueue<ScoreDoc> best = new PriorityQueue<>(WORST_FIRST);
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            FloatVectorValues vectors = leaf.reader().getFloatVectorValues(field);
            VectorScorer scorer = vectors == null ? null : vectors.scorer(query);
            if (scorer == null) {
                continue;
            }
            DocIdSetIterator documents = candidates(leaf, weight, scorer);
            if (documents != null) {
                collect(leaf, scorer, documents, k, best);
            }
        }
        return best.stream().sorted(WORST_FIRST.reversed()).toArray(ScoreDoc[]::new);
    }

    private static @Nullable DocIdSetIterator candidates(
            LeafReaderContext leaf, @Nullable Weight weight, VectorScorer vectors) throws IOException {
        if (weight == null) {
            return vectors.iterator();
        }
        Scorer filter = weight.scorer(leaf);
        return filter == null
                ? null
                : ConjunctionUtils.intersectIterators(List.of(filter.iterator(), vectors.iterator()));
    }

    private static void collect(
            LeafReaderContext leaf,
            VectorScorer scorer,
            DocIdSetIterator documents,
            int k,
            PriorityQueue<ScoreDoc> best)
            throws IOException {
        Bits live = leaf.reader().getLiveDocs();
        for (int doc = documents.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = documents.nextDoc()) {
            if (live == null || live.get(doc)) {
                float score = scorer.score();
                if (best.size() < k || score > best.element().score) {
                    best.add(new ScoreDoc(leaf.docBase + doc, score));
                    if (best.size() > k) {
                        best.remove();
                    }
                }
            }
        }
    }
}
