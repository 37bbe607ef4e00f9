package engram.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
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
    private static final ThreadLocal<Arguments> ARGUMENTS = ThreadLocal.withInitial(Arguments::new);

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
        Arguments with = ARGUMENTS.get();
        with.put(Arguments.COLUMNS, columns);
        with.put(Arguments.ROWS, rows);
        with.put(Arguments.INNER, inner);
        with.put(Arguments.SECOND_WIDTH, secondTransposed ? inner : columns);
        with.put(Arguments.FIRST_WIDTH, firstTransposed ? rows : inner);
        int usual = setThreads(1);
        ProductPointer call = WordFactory.pointer(product);
        call.invoke(
                with.transposed(secondTransposed),
                with.transposed(firstTransposed),
                with.at(Arguments.COLUMNS),
                with.at(Arguments.ROWS),
                with.at(Arguments.INNER),
                with.at(Arguments.ONE),
                WordFactory.pointer(second.address()),
                with.at(Arguments.SECOND_WIDTH),
                WordFactory.pointer(first.address()),
                with.at(Arguments.FIRST_WIDTH),
                with.at(Arguments.ONE),
                WordFactory.pointer(result.address()),
                with.at(Arguments.COLUMNS));
        setThreads(usual);
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

    /** Where the arguments lie; one for each thread. */
    private static final class Arguments {
        static final int COLUMNS = 0;
        static final int ROWS = 4;
        static final int INNER = 8;
        static final int SECOND_WIDTH = 12;
        static final int FIRST_WIDTH = 16;
        static final int ONE = 20;
        private static final int YES = 24;
        private static final int NO = 25;
        private static final int BYTES = 32;

        private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, Integer.BYTES);

        private Arguments() {
            memory.set(ValueLayout.JAVA_FLOAT, ONE, 1);
            memory.set(ValueLayout.JAVA_BYTE, YES, (byte) 'T');
            memory.set(ValueLayout.JAVA_BYTE, NO, (byte) 'N');
        }

        void put(int offset, int value) {
            memory.set(ValueLayout.JAVA_INT, offset, value);
        }

        PointerBase transposed(boolean transposed) {
            return at(transposed ? YES : NO);
        }

        PointerBase at(int offset) {
            return WordFactory.pointer(memory.address() + offset);
        }
    }
}
