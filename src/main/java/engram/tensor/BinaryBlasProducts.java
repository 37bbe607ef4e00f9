package engram.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Optional;
import org.graalvm.nativeimage.c.function.CFunctionPointer;
import org.graalvm.nativeimage.c.function.InvokeCFunctionPointer;
import org.graalvm.word.PointerBase;
import org.graalvm.word.WordFactory;

/**
 * What {@link BlasProducts} does, in a native binary: there a call by the foreign function interface takes ten
 * microseconds, a call of a function by its address some nanoseconds.
 */
final class BinaryBlasProducts implements MatrixProducts {
    private final long product;
    private final long threads;

    private BinaryBlasProducts(long product, long threads) {
        this.product = product;
        this.threads = threads;
    }

    /** See {@link BlasProducts#in(Path)}. */
    @SuppressWarnings("restricted") // the binary is built with native access, as PyTorch itself needs it
    static Optional<MatrixProducts> in(Path library) {
        try {
            SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
            long threads = symbols.find(BlasProducts.THREADS)
                    .map(MemorySegment::address)
                    .orElse(0L);
            return symbols.find(BlasProducts.PRODUCT).map(found -> new BinaryBlasProducts(found.address(), threads));
        } catch (IllegalArgumentException e) {
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
        ProductArguments with = ProductArguments.of(firstTransposed, secondTransposed, rows, columns, inner);
        int usual = setThreads(1);
        ProductPointer call = WordFactory.pointer(product);
        call.invoke(
                at(with.transposed(secondTransposed)),
                at(with.transposed(firstTransposed)),
                at(with.columns),
                at(with.rows),
                at(with.inner),
                at(with.one),
                at(second),
                at(with.secondWidth),
                at(first),
                at(with.firstWidth),
                at(with.one),
                at(result),
                at(with.columns));
        setThreads(usual);
    }

    private static PointerBase at(MemorySegment memory) {
        return WordFactory.pointer(memory.address());
    }

    private int setThreads(int count) {
        if (threads == 0) {
            return count;
        }
        ThreadsPointer call = WordFactory.pointer(threads);
        return call.invoke(count);
    }

    /** {@code sgemm_}, which takes everything by its address. */
    private interface ProductPointer extends CFunctionPointer {
        @InvokeCFunctionPointer
        void invoke(
                PointerBase secondTransposed,
                PointerBase firstTransposed,
                PointerBase columns,
                PointerBase rows,
                PointerBase inner,
                PointerBase factor,
                PointerBase second,
                PointerBase secondWidth,
                PointerBase first,
                PointerBase firstWidth,
                PointerBase before,
                PointerBase result,
                PointerBase resultWidth);
    }

    /** {@code MKL_Set_Num_Threads_Local}. */
    private interface ThreadsPointer extends CFunctionPointer {
        @InvokeCFunctionPointer
        int invoke(int count);
    }
}
