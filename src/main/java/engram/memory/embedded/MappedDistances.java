package engram.memory.embedded;

import engram.tensor.kernel.NativeKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.util.VectorUtil;

/** Lucene's scores by squared distance of mapped vectors, with the linked loops. For one thread at a time. */
final class MappedDistances {
    /** As many as the neighbours of a node in the lowest layer of a graph with 32 connections. */
    private static final int AT_ONCE = 64;

    private final MemorySegment vectors;
    private final int dimension;
    private final long stride;
    private final MemorySegment ordinals;
    private final MemorySegment distances;

    /** @param vectors of {@code dimension} floats, one after the other */
    MappedDistances(Arena arena, MemorySegment vectors, int dimension) {
        this.vectors = vectors;
        this.dimension = dimension;
        this.stride = (long) dimension * Float.BYTES;
        this.ordinals = arena.allocate(ValueLayout.JAVA_INT, AT_ONCE);
        this.distances = arena.allocate(ValueLayout.JAVA_FLOAT, AT_ONCE);
    }

    float score(MemorySegment from, int ordinal) {
        ordinals.set(ValueLayout.JAVA_INT, 0, ordinal);
        compute(from, 1);
        return VectorUtil.normalizeDistanceToUnitInterval(distances.get(ValueLayout.JAVA_FLOAT, 0));
    }

    /** Fills in scores and returns the largest. */
    float scores(MemorySegment from, int[] wanted, float[] scores, int count) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int start = 0; start < count; start += AT_ONCE) {
            int part = Math.min(AT_ONCE, count - start);
            MemorySegment.copy(wanted, start, ordinals, ValueLayout.JAVA_INT, 0, part);
            compute(from, part);
            MemorySegment.copy(distances, ValueLayout.JAVA_FLOAT, 0, scores, start, part);
            for (int i = start; i < start + part; i++) {
                scores[i] = VectorUtil.normalizeDistanceToUnitInterval(scores[i]);
                largest = Math.max(largest, scores[i]);
            }
        }
        return largest;
    }

    private void compute(MemorySegment from, int count) {
        // The loops read by address: a file that is unmapped would end the process, not the search.
        if (!vectors.scope().isAlive()) {
            throw new AlreadyClosedException("the file of the vectors is closed");
        }
        NativeKernels.squareDistances(from, vectors, stride, ordinals, count, dimension, distances);
    }
}
