package engram.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Rows of numbers in native memory, for {@link LinearLayer}s: a buffer that is filled anew for every batch and grows with
 * the largest. Used by one thread at a time.
 */
public final class NativeMatrix implements AutoCloseable {
    /** Rows begin on a cache line, so that a product gives the same bits wherever the buffer lies. */
    private static final int ALIGNMENT = 64;

    /** Numbers that pass through the first-level cache at a time. */
    private static final int CHUNK = 2048;

    private final int width;
    private final float[] chunk = new float[CHUNK];
    private final float[] otherChunk = new float[CHUNK];
    private Arena arena = Arena.ofShared();
    private MemorySegment memory = MemorySegment.NULL;
    private int rows;

    /** @param width how many numbers a row has, 1 or more */
    public NativeMatrix(int width) {
        this.width = width;
    }

    /** How many numbers a row has. */
    public int width() {
        return width;
    }

    /** How many rows there are. */
    public int rows() {
        return rows;
    }

    /** How many numbers there are in all rows. */
    int size() {
        return rows * width;
    }

    /** Makes room for so many rows; what they hold then is undefined. */
    public void resize(int rows) {
        long bytes = (long) rows * width * Float.BYTES;
        if (bytes > memory.byteSize()) {
            arena.close();
            arena = Arena.ofShared();
            memory = arena.allocate(bytes, ALIGNMENT);
        }
        this.rows = rows;
    }

    /** Takes rows, as many as the numbers fill; copied. */
    public void set(float[] values) {
        resize(values.length / width);
        MemorySegment.copy(values, 0, memory, JAVA_FLOAT, 0, rows * width);
    }

    /** A new array of all rows. */
    public float[] toArray() {
        float[] values = new float[rows * width];
        MemorySegment.copy(memory, JAVA_FLOAT, 0, values, 0, values.length);
        return values;
    }

    /** Takes the numbers of another matrix as wide. */
    public void copy(NativeMatrix other) {
        resize(other.rows);
        MemorySegment.copy(other.memory, 0, memory, 0, (long) rows * width * Float.BYTES);
    }

    /** Changes all numbers, some at a time. */
    public void change(Change change) {
        int size = size();
        for (int from = 0; from < size; from += CHUNK) {
            int count = Math.min(CHUNK, size - from);
            Parameters.read(memory, from, chunk, count);
            change.apply(chunk, from, count);
            Parameters.write(chunk, memory, from, count);
        }
    }

    /** Changes all numbers, some at a time, by those of another matrix of the same size. */
    public void changeBy(NativeMatrix other, ChangeBy change) {
        int size = size();
        for (int from = 0; from < size; from += CHUNK) {
            int count = Math.min(CHUNK, size - from);
            Parameters.read(memory, from, chunk, count);
            Parameters.read(other.memory, from, otherChunk, count);
            change.apply(chunk, otherChunk, from, count);
            Parameters.write(chunk, memory, from, count);
        }
    }

    /** Makes all numbers 0. */
    void clear() {
        memory.asSlice(0, (long) rows * width * Float.BYTES).fill((byte) 0);
    }

    MemorySegment memory() {
        return memory;
    }

    /** Frees the memory; the matrix is not used afterwards. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    /** What is done to some numbers. */
    @FunctionalInterface
    public interface Change {
        /**
         * Changes numbers.
         *
         * @param values changed in place
         * @param from where the first of them lies among all
         * @param count how many there are
         */
        void apply(float[] values, int from, int count);
    }

    /** What is done to some numbers by others. */
    @FunctionalInterface
    public interface ChangeBy {
        /**
         * Changes numbers.
         *
         * @param values changed in place
         * @param others at the same places, only read
         * @param from where the first of them lies among all
         * @param count how many there are
         */
        void apply(float[] values, float[] others, int from, int count);
    }
}
