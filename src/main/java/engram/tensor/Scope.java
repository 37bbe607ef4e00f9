package engram.tensor;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Owns native memory: every tensor belongs to one scope and is freed when it closes. Open one scope for each step of
 * training or each inference, inside the long-lived one, so that nothing outlives the step:
 *
 * {@snippet :
 * try (Scope step = scope.open()) {
 *     Tensor loss = Gradient.of(() -> network.loss(step, batch));
 *     optimizer.step();
 * }
 * }
 *
 * <p>A scope is used by one platform thread at a time. Opening one turns PyTorch's gradient mode off for the calling
 * thread, unless {@link Gradient} has turned it on.
 */
public final class Scope implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final PtNDManager manager;
    private final Gate gate;
    private final int depth;
    private final List<PtNDArray> owned = new ArrayList<>();
    private @Nullable Arena arena;
    private boolean closed;

    Scope(PtNDManager manager, Gate gate) {
        this(manager, gate, 0);
    }

    private Scope(PtNDManager manager, Gate gate, int depth) {
        this.manager = manager;
        this.gate = gate;
        this.depth = depth;
        Gradient.prepareThread();
    }

    /**
     * A scope inside this one. What is computed from tensors of both belongs to the inner one.
     *
     * @throws engram.error.Unavailable if this scope lives long and its engine is {@linkplain TensorEngine#close closed}: a
     *     step that has begun goes on to its end, a new one does not begin
     */
    public Scope open() {
        checkOpen();
        if (depth == 0) {
            gate.enter();
        }
        try {
            return new Scope(manager, gate, depth + 1);
        } catch (RuntimeException e) {
            if (depth == 0) {
                gate.leave();
            }
            throw e;
        }
    }

    /**
     * A tensor of the given shape.
     *
     * @param values in row order, as many as the shape has places; copied
     */
    public Tensor tensor(float[] values, int... shape) {
        MemorySegment memory = allocate((long) values.length * Float.BYTES);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length);
        return own(blob(memory, DataType.FLOAT32, values.length, shape));
    }

    /**
     * A matrix from rows.
     *
     * @param rows of equal length, at least one; copied
     */
    public Tensor matrix(float[][] rows) {
        int width = rows[0].length;
        MemorySegment memory = allocate((long) rows.length * width * Float.BYTES);
        for (int row = 0; row < rows.length; row++) {
            if (rows[row].length != width) {
                throw new IllegalArgumentException(
                        "row " + row + " has " + rows[row].length + " numbers, row 0 has " + width);
            }
            MemorySegment.copy(rows[row], 0, memory, ValueLayout.JAVA_FLOAT, (long) row * width * Float.BYTES, width);
        }
        return own(blob(memory, DataType.FLOAT32, rows.length * width, rows.length, width));
    }

    /** A tensor of whole numbers, for {@link Tensor#pick}; copied. */
    public Tensor indices(int... values) {
        long[] wide = Arrays.stream(values).asLongStream().toArray();
        MemorySegment memory = allocate((long) wide.length * Long.BYTES);
        MemorySegment.copy(wide, 0, memory, ValueLayout.JAVA_LONG, 0, wide.length);
        return own(blob(memory, DataType.INT64, wide.length, wide.length));
    }

    /** A tensor without dimensions. */
    public Tensor scalar(double value) {
        return tensor(new float[] {(float) value});
    }

    /**
     * The same tensor as seen from this scope: what is computed from it belongs to this scope, while its memory stays
     * with its owner.
     */
    public Tensor use(Tensor tensor) {
        checkOpen();
        return new Tensor(this, tensor.array());
    }

    /** Frees every tensor of this scope. Closing twice does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            for (int i = owned.size() - 1; i >= 0; i--) {
                owned.get(i).close();
            }
            owned.clear();
            if (arena != null) {
                arena.close();
            }
        } finally {
            if (depth == 1) {
                gate.leave();
            }
        }
    }

    Tensor own(PtNDArray array) {
        if (closed) {
            array.close();
            throw new IllegalStateException("The scope is closed.");
        }
        owned.add(array);
        return new Tensor(this, array);
    }

    Scope inner(Scope other) {
        return other.depth > depth ? other : this;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The scope is closed.");
        }
    }

    private MemorySegment allocate(long bytes) {
        checkOpen();
        if (arena == null) {
            arena = depth == 0 ? Arena.ofShared() : Arena.ofConfined();
        }
        return arena.allocate(Math.max(bytes, 1), ALIGNMENT);
    }

    private PtNDArray blob(MemorySegment memory, DataType type, int count, int... shape) {
        return blob(manager, memory, type, count, shape);
    }

    static PtNDArray blob(PtNDManager manager, MemorySegment memory, DataType type, int count, int... shape) {
        long[] sizes = Arrays.stream(shape).asLongStream().toArray();
        long places = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
        if (places != count) {
            throw new IllegalArgumentException(count + " numbers do not fill the shape " + Arrays.toString(shape));
        }
        ByteBuffer buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder());
        return JniUtils.createNdFromByteBuffer(
                manager, buffer, new Shape(sizes), type, SparseFormat.DENSE, manager.getDevice());
    }
}
