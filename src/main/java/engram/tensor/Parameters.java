package engram.tensor;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import engram.tensor.kernel.NativeKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one network: named slices of a single flat buffer. On the CPU PyTorch computes on the buffer itself;
 * on a GPU it holds copies, which {@link #changed} renews. Gradients gather until {@link #zeroGradients} or an optimizer
 * clears them. Those of {@link #byHand} are in memory of ours alone. Used by one thread at a time; several threads may use different instances.
 */
public final class Parameters implements NamedParameters, AutoCloseable {
    /** Slices begin on cache lines, so that a matrix product gives the same bits wherever the buffer lies. */
    private static final int ALIGNMENT = 64;

    private final @Nullable PtNDManager manager;
    private final Arena arena = Arena.ofShared();
    private final List<Slice> slices = new ArrayList<>();
    private final Map<String, Slice> byName = new HashMap<>();
    private final boolean shared;
    private final int size;

    /**
     * @param engine where they live; loads PyTorch if need be
     * @param initial names, shapes and first values
     */
    public Parameters(TensorEngine engine, ParameterValues initial) {
        this(engine.manager(), initial);
    }

    private Parameters(@Nullable PtNDManager manager, ParameterValues initial) {
        this.manager = manager;
        this.shared = manager == null || !manager.getDevice().isGpu();
        long bytes = 0;
        for (ParameterValues.Entry entry : initial.entries()) {
            bytes += aligned(entry.size());
        }
        MemorySegment memory = arena.allocate(Math.max(bytes, ALIGNMENT), ALIGNMENT);
        long offset = 0;
        int start = 0;
        for (ParameterValues.Entry entry : initial.entries()) {
            long length = (long) entry.size() * Float.BYTES;
            Slice slice = new Slice(entry, memory.asSlice(offset, length), start);
            slice.write(entry.values());
            if (manager != null) {
                slice.attach(manager);
            }
            slices.add(slice);
            byName.put(entry.name(), slice);
            offset += aligned(entry.size());
            start += entry.size();
        }
        this.size = start;
    }

    /**
     * Parameters that are computed with by hand, in {@link LinearLayer}s, always on the CPU: there are no tensors of them.
     *
     * @param initial names, shapes and first values
     */
    public static Parameters byHand(ParameterValues initial) {
        return new Parameters((PtNDManager) null, initial);
    }

    /** How many numbers there are in all parameters together. */
    public int size() {
        return size;
    }

    /** The parameter of a name, as seen from a scope: what is computed from it belongs to that scope. */
    public Tensor tensor(Scope scope, String name) {
        return new Tensor(scope, slice(name).leaf());
    }

    /** The numbers of one parameter as they are now. */
    @Override
    public float[] values(String name) {
        return slice(name).read();
    }

    /** A matrix as it is now, with rows and columns exchanged. */
    @Override
    public float[] transposed(String name) {
        Slice matrix = slice(name);
        int rows = matrix.shape.getFirst();
        int columns = matrix.shape.getLast();
        if (!NativeKernels.ARE_LINKED) {
            return Transposition.of(matrix.read(), rows, columns);
        }
        float[] turned = new float[matrix.length];
        NativeKernels.transpose(matrix.memory, rows, columns, turned);
        return turned;
    }

    /**
     * Adds to the gradient of one parameter; only for parameters that are computed with by hand.
     *
     * @param gradient one number for each of its values
     */
    public void addGradient(String name, float[] gradient) {
        Slice slice = slice(name);
        float[] sums = slice.gathered().toArray(ValueLayout.JAVA_FLOAT);
        for (int i = 0; i < sums.length; i++) {
            sums[i] += gradient[i];
        }
        write(sums, slice.gathered(), 0, sums.length);
    }

    /** A copy of all values as they are now. */
    public ParameterValues values() {
        return new ParameterValues(
                slices.stream().map(slice -> slice.entry(slice.read())).toList());
    }

    /** A copy of all gradients as they are now; zeros where none has arrived. */
    public ParameterValues gradients() {
        return new ParameterValues(slices.stream()
                .map(slice -> {
                    MemorySegment gradient = slice.gradient();
                    return slice.entry(
                            gradient == null ? new float[slice.length] : gradient.toArray(ValueLayout.JAVA_FLOAT));
                })
                .toList());
    }

    /**
     * Replaces all values in place.
     *
     * @param values with the same names and shapes
     */
    public void load(ParameterValues values) {
        for (Slice slice : slices) {
            ParameterValues.Entry entry = values.entry(slice.name);
            if (!entry.shape().equals(slice.shape)) {
                throw new IllegalArgumentException(
                        slice.name + " has the shape " + slice.shape + ", not " + entry.shape() + ".");
            }
            slice.write(entry.values());
        }
        changed();
    }

    /**
     * Moves every value towards that of another network: {@code (1 − share) · own + share · other}.
     *
     * @param share in (0,1]; 1 copies
     */
    public void blend(Parameters other, float share) {
        for (int index = 0; index < slices.size(); index++) {
            Slice slice = slices.get(index);
            Slice source = other.slices.get(index);
            if (!source.name.equals(slice.name) || source.length != slice.length) {
                throw new IllegalArgumentException(slice.name + " has no counterpart in the other network.");
            }
            Blending.move(slice.memory, source.memory, slice.length, share);
        }
        changed();
    }

    /** The Euclidean length of all gradients as one vector. */
    public double gradientNorm() {
        double squares = 0;
        for (Slice slice : slices) {
            MemorySegment gradient = slice.gradient();
            if (gradient != null) {
                squares += Squares.sum(gradient, slice.length);
            }
        }
        return Math.sqrt(squares);
    }

    /** Forgets all gradients. */
    public void zeroGradients() {
        for (Slice slice : slices) {
            MemorySegment gradient = slice.gradient();
            if (gradient != null) {
                gradient.fill((byte) 0);
            }
        }
    }

    /** Frees the buffer. No tensor made from these parameters may be used afterwards. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            slices.forEach(Slice::detach);
            arena.close();
        }
    }

    Slice slice(String name) {
        Slice slice = byName.get(name);
        if (slice == null) {
            throw new IllegalArgumentException("There is no parameter named " + name + ".");
        }
        return slice;
    }

    List<Slice> slices() {
        return slices;
    }

    /** Tells PyTorch that the buffer has changed. */
    void changed() {
        PtNDManager copying = manager;
        if (copying != null && !shared) {
            slices.forEach(slice -> slice.attach(copying));
        }
    }

    static void read(MemorySegment source, int from, float[] target, int count) {
        MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, (long) from * Float.BYTES, target, 0, count);
    }

    static void write(float[] source, MemorySegment target, int to, int count) {
        MemorySegment.copy(source, 0, target, ValueLayout.JAVA_FLOAT, (long) to * Float.BYTES, count);
    }

    private static long aligned(int numbers) {
        long bytes = (long) numbers * Float.BYTES;
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** One named part of the buffer and its tensor. */
    final class Slice {
        final String name;
        final List<Integer> shape;
        final int length;
        /** Where its numbers begin among all, without the gaps of alignment. */
        final int start;

        final MemorySegment memory;
        private @Nullable PtNDArray leaf;
        private @Nullable PtNDArray gradient;
        private @Nullable MemorySegment gradientMemory;

        private Slice(ParameterValues.Entry entry, MemorySegment memory, int start) {
            this.name = entry.name();
            this.shape = entry.shape();
            this.length = entry.size();
            this.memory = memory;
            this.start = start;
        }

        /**
         * The gradient as memory to read and write, or null where none has arrived. On the CPU it is PyTorch's own: it
         * accumulates in place, so the address stays.
         */
        @Nullable
        MemorySegment gradient() {
            if (gradientMemory == null && manager != null) {
                PtNDArray found = JniUtils.getGradient(leaf());
                if (found == null) {
                    return null;
                }
                if (shared) {
                    gradient = found;
                    gradientMemory = MemorySegment.ofBuffer(
                            JniUtils.getByteBuffer(found, true).order(ByteOrder.nativeOrder()));
                } else {
                    try (found;
                            PtNDArray local = JniUtils.to(found, DataType.FLOAT32, ai.djl.Device.cpu())) {
                        return MemorySegment.ofBuffer(JniUtils.getByteBuffer(local, false));
                    }
                }
            }
            return gradientMemory;
        }

        /** Where the gradient of a parameter gathers that is computed with by hand. */
        MemorySegment gathered() {
            if (manager != null) {
                throw new IllegalStateException("PyTorch keeps the gradients of these parameters.");
            }
            MemorySegment known = gradientMemory;
            if (known == null) {
                known = arena.allocate(aligned(length), ALIGNMENT).asSlice(0, (long) length * Float.BYTES);
                gradientMemory = known;
            }
            return known;
        }

        private PtNDArray leaf() {
            if (leaf == null) {
                throw new IllegalStateException("The parameters are closed, or have no tensors.");
            }
            return leaf;
        }

        private ParameterValues.Entry entry(float[] values) {
            return new ParameterValues.Entry(name, shape, values);
        }

        private float[] read() {
            return memory.toArray(ValueLayout.JAVA_FLOAT);
        }

        private void write(float[] values) {
            Parameters.write(values, memory, 0, values.length);
        }

        private void attach(PtNDManager manager) {
            detach();
            PtNDArray created = Scope.blob(
                    manager,
                    memory,
                    DataType.FLOAT32,
                    length,
                    shape.stream().mapToInt(Integer::intValue).toArray());
            JniUtils.attachGradient(created, true);
            leaf = created;
        }

        private void detach() {
            gradientMemory = null;
            if (gradient != null) {
                gradient.close();
                gradient = null;
            }
            if (leaf != null) {
                leaf.close();
                leaf = null;
            }
        }
    }
}
