package engram.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Products by PyTorch's operations, on the CPU: where its BLAS cannot be called by itself. */
final class TorchProducts implements MatrixProducts {
    private final PtNDManager manager;

    /** @param manager on the CPU */
    TorchProducts(PtNDManager manager) {
        this.manager = manager;
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
        Gradient.prepareThread();
        try (PtNDArray left = firstTransposed ? matrix(first, inner, rows) : matrix(first, rows, inner);
                PtNDArray right = secondTransposed ? matrix(second, columns, inner) : matrix(second, inner, columns);
                PtNDArray leftSeen = firstTransposed ? JniUtils.transpose(left, 0, 1) : JniUtils.detachGradient(left);
                PtNDArray rightSeen =
                        secondTransposed ? JniUtils.transpose(right, 0, 1) : JniUtils.detachGradient(right);
                PtNDArray product = JniUtils.matmul(leftSeen, rightSeen)) {
            FloatBuffer computed = JniUtils.getByteBuffer(product, false)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            for (int i = 0; i < rows * columns; i++) {
                result.setAtIndex(JAVA_FLOAT, i, result.getAtIndex(JAVA_FLOAT, i) + computed.get(i));
            }
        }
    }

    private PtNDArray matrix(MemorySegment memory, int rows, int columns) {
        return Scope.blob(
                manager,
                memory.asSlice(0, (long) rows * columns * Float.BYTES),
                DataType.FLOAT32,
                rows * columns,
                rows,
                columns);
    }
}
