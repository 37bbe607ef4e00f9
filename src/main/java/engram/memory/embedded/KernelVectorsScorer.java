package engram.memory.embedded;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.apache.lucene.codecs.hnsw.DefaultFlatVectorScorer;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.codecs.lucene95.HasIndexSlice;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.FilterIndexInput;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;
import org.apache.lucene.util.hnsw.RandomVectorScorer;
import org.apache.lucene.util.hnsw.RandomVectorScorerSupplier;
import org.apache.lucene.util.hnsw.UpdateableRandomVectorScorer;

/**
 * Compares vectors where they lie in a mapped file, by the loops that are linked into a native binary. Everything else
 * (other similarities, vectors that are not in a mapped file yet) goes Lucene's own way.
 */
final class KernelVectorsScorer implements FlatVectorsScorer {
    private final FlatVectorsScorer others = DefaultFlatVectorScorer.INSTANCE;

    @Override
    public RandomVectorScorerSupplier getRandomVectorScorerSupplier(
            VectorSimilarityFunction similarity, KnnVectorValues values) throws IOException {
        Optional<MemorySegment> mapped = mapped(similarity, values);
        return mapped.isPresent()
                ? new Pairs((FloatVectorValues) values, mapped.get())
                : others.getRandomVectorScorerSupplier(similarity, values);
    }

    @Override
    public RandomVectorScorer getRandomVectorScorer(
            VectorSimilarityFunction similarity, KnnVectorValues values, float[] target) throws IOException {
        FlatVectorsScorer.checkDimensions(target.length, values.dimension());
        Optional<MemorySegment> mapped = mapped(similarity, values);
        return mapped.isPresent()
                ? new Target(values, mapped.get(), target)
                : others.getRandomVectorScorer(similarity, values, target);
    }

    @Override
    public RandomVectorScorer getRandomVectorScorer(
            VectorSimilarityFunction similarity, KnnVectorValues values, byte[] target) throws IOException {
        return others.getRandomVectorScorer(similarity, values, target);
    }

    private static Optional<MemorySegment> mapped(VectorSimilarityFunction similarity, KnnVectorValues values)
            throws IOException {
        if (similarity != VectorSimilarityFunction.EUCLIDEAN
                || !(values instanceof FloatVectorValues)
                || !(values instanceof HasIndexSlice sliced)) {
            return Optional.empty();
        }
        IndexInput slice = sliced.getSlice();
        if (slice == null || !(FilterIndexInput.unwrapOnlyTest(slice) instanceof MemorySegmentAccessInput input)) {
            return Optional.empty();
        }
        long bytes = (long) values.size() * values.getVectorByteLength();
        // Null where a file is mapped in several parts.
        return Optional.ofNullable(input.segmentSliceOrNull(0, bytes));
    }

    /** Scores of the vectors of a segment for one target. */
    private static final class Target extends RandomVectorScorer.AbstractRandomVectorScorer {
        private final MappedDistances distances;
        private final MemorySegment target;

        Target(KnnVectorValues values, MemorySegment vectors, float[] target) {
            super(values);
            Arena arena = Arena.ofAuto();
            this.distances = new MappedDistances(arena, vectors, target.length);
            this.target = arena.allocateFrom(ValueLayout.JAVA_FLOAT, target);
        }

        @Override
        public float score(int ordinal) {
            return distances.score(target, ordinal);
        }

        @Override
        public float bulkScore(int[] ordinals, float[] scores, int count) {
            return distances.scores(target, ordinals, scores, count);
        }
    }

    /** Scores between the vectors of a segment, from which graphs are made. */
    private record Pairs(FloatVectorValues values, MemorySegment vectors) implements RandomVectorScorerSupplier {
        @Override
        public UpdateableRandomVectorScorer scorer() {
            return new Pair(values, vectors);
        }

        @Override
        public RandomVectorScorerSupplier copy() throws IOException {
            return new Pairs(values.copy(), vectors);
        }
    }

    private static final class Pair extends UpdateableRandomVectorScorer.AbstractUpdateableRandomVectorScorer {
        private final MappedDistances distances;
        private final MemorySegment vectors;
        private final long stride;
        private MemorySegment from;

        Pair(FloatVectorValues values, MemorySegment vectors) {
            super(values);
            this.distances = new MappedDistances(Arena.ofAuto(), vectors, values.dimension());
            this.vectors = vectors;
            this.stride = values.getVectorByteLength();
            this.from = vectors;
        }

        @Override
        public void setScoringOrdinal(int ordinal) {
            from = vectors.asSlice(ordinal * stride, stride);
        }

        @Override
        public float score(int ordinal) {
            return distances.score(from, ordinal);
        }

        @Override
        public float bulkScore(int[] ordinals, float[] scores, int count) {
            return distances.scores(from, ordinals, scores, count);
        }
    }
}
