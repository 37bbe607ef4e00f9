package engram.memory.embedded;

import engram.tensor.kernel.NativeKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntUnaryOperator;
import org.apache.lucene.util.VectorUtil;

/** Short vectors of bytes, all of one length, and how far they are from another one. Immutable and thread-safe. */
interface Sketches {
    /** The squared Euclidean distance of each sketch, by its place, from the wanted one. For one thread at a time. */
    IntUnaryOperator distances(byte[] wanted);

    /**
     * The fastest kind for this process.
     *
     * @param sketches at least one; kept, not copied
     */
    static Sketches of(byte[][] sketches) {
        return NativeKernels.ARE_LINKED ? Linked.of(sketches) : new Loops(sketches);
    }

    /** With what Lucene has on a JVM. */
    @SuppressWarnings("ArrayRecordComponent")
    record Loops(byte[][] sketches) implements Sketches {
        @Override
        public IntUnaryOperator distances(byte[] wanted) {
            return place -> VectorUtil.squareDistance(wanted, sketches[place]);
        }
    }

    /** All at once, with the loops that are linked into a native binary. */
    record Linked(MemorySegment sketches, int count) implements Sketches {
        static Linked of(byte[][] sketches) {
            int length = sketches[0].length;
            MemorySegment all = Arena.ofAuto().allocate((long) sketches.length * length);
            for (int i = 0; i < sketches.length; i++) {
                MemorySegment.copy(sketches[i], 0, all, ValueLayout.JAVA_BYTE, (long) i * length, length);
            }
            return new Linked(all, sketches.length);
        }

        @Override
        public IntUnaryOperator distances(byte[] wanted) {
            int[] distances = new int[count];
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_BYTE, wanted);
                MemorySegment computed = arena.allocate(ValueLayout.JAVA_INT, count);
                NativeKernels.sketchDistances(from, sketches, count, wanted.length, computed);
                MemorySegment.copy(computed, ValueLayout.JAVA_INT, 0, distances, 0, count);
            }
            return place -> distances[place];
        }
    }
}
