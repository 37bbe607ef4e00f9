package engram.memory.embedded;

import engram.memory.FilterEvaluation;
import engram.memory.Memory;
import engram.memory.Search;
import engram.memory.Tier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.VectorUtil;
import org.jspecify.annotations.Nullable;

/**
 * One search of one index: the overlay is compared first, then the index snapshot is taken, so that nothing is in
 * neither. Rows that are in the overlay count with their state there.
 */
final class NearestSearch {
    private static final Comparator<Candidate> NEAREST_FIRST =
            Comparator.comparingDouble(Candidate::distance).thenComparingLong(Candidate::row);

    private final Search search;
    private final @Nullable Query filter;
    private final Set<Long> excluded;
    private final int breadth;
    private final int graphThreshold;
    private final Overlay overlay;
    private final long start;
    private boolean raced;

    /**
     * @param filter the compiled filter, null if it selects everything
     * @param excluded the rows of the excluded ids
     * @param settings how the index searches
     */
    NearestSearch(
            Search search,
            @Nullable Query filter,
            Set<Long> excluded,
            EmbeddedSettings.IndexSettings settings,
            Overlay overlay) {
        this.search = search;
        this.filter = filter;
        this.excluded = excluded;
        this.breadth = settings.searchBreadth();
        this.graphThreshold = settings.graphThreshold();
        this.overlay = overlay;
        this.start = overlay.sequence();
    }

    /**
     * A memory that was found.
     *
     * @param sequence the memory's sequence number in the state that was compared
     */
    record Candidate(long row, long sequence, Tier tier, double distance) {}

    /** Whether rows have changed while the search ran in a way that may have hidden them from it. */
    boolean hasRaced() {
        return raced;
    }

    /** What the overlay holds; the first step. */
    Map<Tier, PriorityQueue<Candidate>> overlayCandidates() {
        Map<Tier, PriorityQueue<Candidate>> nearest = new HashMap<>();
        for (Overlay.Change change : overlay.changes()) {
            Memory memory = change.memory;
            float[] vector = change.vector;
            if (memory == null || vector == null) {
                continue;
            }
            float[] query = search.queries().get(memory.tier());
            if (query == null) {
                continue;
            }
            PriorityQueue<Candidate> best =
                    nearest.computeIfAbsent(memory.tier(), _ -> new PriorityQueue<>(NEAREST_FIRST.reversed()));
            double distance = Math.sqrt(VectorUtil.squareDistance(query, vector));
            Candidate candidate = new Candidate(change.row, memory.sequence(), memory.tier(), distance);
            if (best.size() >= search.k() && NEAREST_FIRST.compare(candidate, best.element()) >= 0) {
                continue;
            }
            if (!search.excluded().contains(memory.id()) && FilterEvaluation.matches(search.filter(), memory)) {
                best.add(candidate);
                if (best.size() > search.k()) {
                    best.remove();
                }
            }
        }
        return nearest;
    }

    /** What overlay and index hold together, nearest first. */
    List<Candidate> nearest(
            Map<Tier, PriorityQueue<Candidate>> fromOverlay, IndexSearcher searcher, VectorSamples samples)
            throws IOException {
        List<Candidate> all = new ArrayList<>();
        for (Map.Entry<Tier, float[]> query : search.queries().entrySet()) {
            Tier tier = query.getKey();
            Map<Long, Candidate> best = new HashMap<>();
            indexCandidates(searcher, samples, tier, query.getValue()).forEach(found -> best.put(found.row(), found));
            PriorityQueue<Candidate> waiting = fromOverlay.get(tier);
            if (waiting != null) {
                waiting.forEach(found -> best.put(found.row(), found));
            }
            best.values().stream().sorted(NEAREST_FIRST).limit(search.k()).forEach(all::add);
        }
        all.sort(NEAREST_FIRST);
        return all;
    }

    private List<Candidate> indexCandidates(IndexSearcher searcher, VectorSamples samples, Tier tier, float[] query)
            throws IOException {
        int present = Math.max(1, searcher.getIndexReader().maxDoc());
        int fetch = Math.clamp((long) search.k() + excluded.size(), 1, present);
        while (true) {
            ScoreDoc[] documents = documents(searcher, samples, tier, query, fetch);
            List<Candidate> candidates = candidates(searcher, tier, query, documents);
            if (candidates.size() >= search.k() || documents.length < fetch || fetch >= present) {
                return candidates;
            }
            fetch = Math.clamp(2L * fetch, 1, present);
        }
    }

    private ScoreDoc[] documents(IndexSearcher searcher, VectorSamples samples, Tier tier, float[] query, int fetch)
            throws IOException {
        String field = MemoryDocuments.vectorField(tier);
        if (search.exact()) {
            return ExactSearch.nearest(searcher, field, query, fetch, filter);
        }
        int width = Math.max(fetch, breadth);
        ScoreDoc[] found = searcher.search(
                        new SeededNearestQuery(field, query, width, filter, graphThreshold, samples), width)
                .scoreDocs;
        return found.length > fetch ? Arrays.copyOf(found, fetch) : found;
    }

    private List<Candidate> candidates(IndexSearcher searcher, Tier tier, float[] query, ScoreDoc[] documents)
            throws IOException {
        Arrays.sort(documents, Comparator.comparingInt(document -> document.doc));
        List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        List<Candidate> candidates = new ArrayList<>(documents.length);
        LeafValues values = null;
        for (ScoreDoc document : documents) {
            LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(document.doc, leaves));
            if (values == null || values.leaf != leaf) {
                values = new LeafValues(leaf, MemoryDocuments.vectorField(tier));
            }
            int local = document.doc - leaf.docBase;
            long row = values.row(local);
            Overlay.Change change = overlay.get(row);
            if (change != null) {
                raced |= change.sequence > start;
            } else if (!excluded.contains(row)) {
                double distance = Math.sqrt(VectorUtil.squareDistance(query, values.vector(local)));
                candidates.add(new Candidate(row, values.sequence(local), tier, distance));
            }
        }
        candidates.sort(NEAREST_FIRST);
        return candidates.size() > search.k() ? candidates.subList(0, search.k()) : candidates;
    }

    /** What is read of the documents of one segment, in ascending order. */
    private static final class LeafValues {
        private final LeafReaderContext leaf;
        private final NumericDocValues rows;
        private final NumericDocValues sequences;
        private final FloatVectorValues vectors;
        private final KnnVectorValues.DocIndexIterator ordinals;

        LeafValues(LeafReaderContext leaf, String field) throws IOException {
            this.leaf = leaf;
            this.rows = leaf.reader().getNumericDocValues(MemoryDocuments.ROW);
            this.sequences = leaf.reader().getNumericDocValues(MemoryDocuments.SEQUENCE);
            this.vectors = leaf.reader().getFloatVectorValues(field);
            this.ordinals = vectors.iterator();
        }

        long row(int document) throws IOException {
            return value(rows, document);
        }

        long sequence(int document) throws IOException {
            return value(sequences, document);
        }

        private static long value(NumericDocValues values, int document) throws IOException {
            if (!values.advanceExact(document)) {
                throw new IOException("a document without its row");
            }
            return values.longValue();
        }

        float[] vector(int document) throws IOException {
            ordinals.advance(document);
            return vectors.vectorValue(ordinals.index());
        }
    }
}
