package engram.tensor;

import java.lang.foreign.MemorySegment;

/** Products of matrices of floats in native memory, row after row without gaps. Any number of threads. */
interface MatrixProducts {
    /**
     * {@code result += first · second}, where first is rows × inner and second inner × columns.
     *
     * @param firstTransposed whether first lies in memory as inner × rows
     * @param secondTransposed whether second lies in memory as columns × inner
     */
    void addProduct(
            boolean firstTransposed,
            boolean secondTransposed,
            int rows,
            int columns,
            int inner,
            MemorySegment first,
            MemorySegment second,
            MemorySegment result);
}
