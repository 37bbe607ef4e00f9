package engram.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;

/**
 * Calls {@code sgemm} of the BLAS that PyTorch's own library contains: the same product that PyTorch computes, without
 * the tensors, the dispatch and the recorded graph around it, which take longer than the product at the sizes of agents.
 */
final class BlasProducts implements MatrixProducts {
    /** The product's name. */
    static final String PRODUCT = "sgemm_";

    /** The name of what sets the number of threads of the calling thread's products; not every BLAS has it. */
    static final String THREADS = "MKL_Set_Num_Threads_Local";

    private static final int PARAMETERS = 13;

    private final MethodHandle sgemm;
    /** Takes how many threads a product of the calling thread may use from now on, gives how many it might before. */
    private final MethodHandle threads;

    private BlasProducts(MethodHandle sgemm, MethodHandle threads) {
        this.sgemm = sgemm;
        this.threads = threads;
    }

    /**
     * Looks for the product in PyTorch's library.
     *
     * @param directory where the library has been loaded from
     * @return empty where the library has its BLAS elsewhere, or native code cannot be linked
     */
    @SuppressWarnings("restricted") // the launcher allows native code, as PyTorch itself needs it
    static Optional<MatrixProducts> in(Path directory) {
        Path file = directory.resolve(System.mapLibraryName("torch_cpu"));
        if (NativeBinary.isThis()) {
            return BinaryBlasProducts.in(file);
        }
        try {
            SymbolLookup library = SymbolLookup.libraryLookup(file, Arena.global());
            Linker linker = Linker.nativeLinker();
            MethodHandle threads = library.find(THREADS)
                    .map(symbol -> linker.downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, JAVA_INT)))
                    .orElseGet(() -> MethodHandles.identity(int.class));
            FunctionDescriptor product = FunctionDescriptor.ofVoid(
                    Collections.nCopies(PARAMETERS, ADDRESS).toArray(MemoryLayout[]::new));
            return library.find(PRODUCT)
                    .map(symbol -> new BlasProducts(linker.downcallHandle(symbol, product), threads));
        } catch (IllegalArgumentException | UnsupportedOperationException | LinkageError e) {
            return Optional.empty();
        }
    }

    @Override
    public void addProduct(
            boolean firstTransposed,
            boolean secondTransposed,
            int rows,
            int columns,
            int inner,
            MemorySegment first,
            MemorySegment second,
            MemorySegment result) {
        // BLAS reads memory column by column, so what we call a matrix is its transpose there: the operands change
        // sides.
        ProductArguments with = ProductArguments.of(firstTransposed, secondTransposed, rows, columns, inner);
        try {
            // Divided among all cores, products of this size take longer, and twenty times as long where cores are
            // busy.
            int usual = (int) threads.invokeExact(1);
            sgemm.invokeExact(
                    with.transposed(secondTransposed),
                    with.transposed(firstTransposed),
                    with.columns,
                    with.rows,
                    with.inner,
                    with.one,
                    second,
                    with.secondWidth,
                    first,
                    with.firstWidth,
                    with.one,
                    result,
                    with.columns);
            int _ = (int) threads.invokeExact(usual);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native function cannot throw", e);
        }
    }
}
