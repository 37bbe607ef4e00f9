package engram.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where the arguments of {@code sgemm} lie, which it takes by their address; one for each thread. */
final class ProductArguments {
    private static final ThreadLocal<ProductArguments> OF_THREAD = ThreadLocal.withInitial(ProductArguments::new);

    final MemorySegment rows = Arena.ofAuto().allocate(JAVA_INT);
    final MemorySegment columns = Arena.ofAuto().allocate(JAVA_INT);
    final MemorySegment inner = Arena.ofAuto().allocate(JAVA_INT);
    final MemorySegment firstWidth = Arena.ofAuto().allocate(JAVA_INT);
    final MemorySegment secondWidth = Arena.ofAuto().allocate(JAVA_INT);
    final MemorySegment one = Arena.ofAuto().allocateFrom(JAVA_FLOAT, 1);
    private final MemorySegment yes = Arena.ofAuto().allocateFrom(JAVA_BYTE, (byte) 'T');
    private final MemorySegment no = Arena.ofAuto().allocateFrom(JAVA_BYTE, (byte) 'N');

    private ProductArguments() {}

    /** Those of the calling thread, for a product of these sizes. */
    static ProductArguments of(boolean firstTransposed, boolean secondTransposed, int rows, int columns, int inner) {
        ProductArguments arguments = OF_THREAD.get();
        arguments.rows.set(JAVA_INT, 0, rows);
        arguments.columns.set(JAVA_INT, 0, columns);
        arguments.inner.set(JAVA_INT, 0, inner);
        arguments.firstWidth.set(JAVA_INT, 0, firstTransposed ? rows : inner);
        arguments.secondWidth.set(JAVA_INT, 0, secondTransposed ? inner : columns);
        return arguments;
    }

    MemorySegment transposed(boolean transposed) {
        return transposed ? yes : no;
    }
}
