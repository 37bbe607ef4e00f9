package engram.benchmarks.vectors;

import java.io.IOException;

/** Vectors of 384 numbers, one after the other, without end; the same for the same seed. */
interface VectorSource extends AutoCloseable {
    /** The numbers of a vector. */
    int DIMENSIONS = 384;

    /** The next vector, owned by the caller. */
    float[] next() throws IOException;

    @Override
    default void close() throws IOException {}
}
