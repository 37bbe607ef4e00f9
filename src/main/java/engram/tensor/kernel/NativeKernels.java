package engram.tensor.kernel;

import java.lang.foreign.MemorySegment;
import org.graalvm.nativeimage.PinnedObject;
import org.graalvm.word.WordFactory;

/**
 * The loops of {@code src/main/c/}. Only a native binary has them, and only one that was built with them;
 * {@link #ARE_LINKED} says so, and where it is false nothing else here may be called. Any number of threads.
 *
 * <p>Calls are plain calls of C: they take nanoseconds, but hold up garbage collection until they return, so they get
 * work for microseconds. They check nothing: callers see to it that the memory is as large as they say, native, and stays
 * alive.
 */
public final class NativeKernels {
    /** The outputs of one panel of a packed matrix. */
    public static final int PANEL = 16;

    /** Whether this process has the loops. A constant of the binary, decided when it is built. */
    public static final boolean ARE_LINKED = KernelLocation.directory().isPresent();

    private NativeKernels() {}

    /**
     * The squared Euclidean distances from a query to some vectors.
     *
     * @param query {@code dimension} floats
     * @param vectors where vector 0 begins
     * @param stride how many bytes after the beginning of a vector the next one begins
     * @param ordinals {@code count} ints: which vectors
     * @param distances room for {@code count} floats
     */
    public static void squareDistances(
            MemorySegment query,
            MemorySegment vectors,
            long stride,
            MemorySegment ordinals,
            int count,
            int dimension,
            MemorySegment distances) {
        LinkedFunctions.squareDistances(
                WordFactory.pointer(query.address()),
                WordFactory.pointer(vectors.address()),
                stride,
                WordFactory.pointer(ordinals.address()),
                count,
                dimension,
                WordFactory.pointer(distances.address()));
    }

    /**
     * The squared Euclidean distances from one sketch to others.
     *
     * @param wanted {@code length} bytes
     * @param sketches {@code count} times {@code length} bytes, one after the other
     * @param distances room for {@code count} ints
     */
    public static void sketchDistances(
            MemorySegment wanted, MemorySegment sketches, int count, int length, MemorySegment distances) {
        LinkedFunctions.sketchDistances(
                WordFactory.pointer(wanted.address()),
                WordFactory.pointer(sketches.address()),
                count,
                length,
                WordFactory.pointer(distances.address()));
    }

    /**
     * Multiplies rows by a matrix and adds a bias; every output adds input after input, with fused multiply-adds.
     *
     * @param rows {@code count} rows of {@code inputs} floats
     * @param packed {@code panels} panels: for each input the weights of {@link #PANEL} outputs
     * @param bias {@link #PANEL} floats a panel
     * @param results room for {@code count} rows of {@link #PANEL} floats a panel
     */
    public static void dense(
            MemorySegment rows,
            int count,
            int inputs,
            MemorySegment packed,
            MemorySegment bias,
            int panels,
            MemorySegment results) {
        LinkedFunctions.dense(
                WordFactory.pointer(rows.address()),
                count,
                inputs,
                WordFactory.pointer(packed.address()),
                WordFactory.pointer(bias.address()),
                panels,
                WordFactory.pointer(results.address()));
    }

    /**
     * One step of Adam over {@code count} parameters, with the bits that Java computes.
     *
     * @param values floats in native memory, changed
     * @param gradients floats in native memory
     * @param first the first moments of all parameters, changed from {@code start} on
     * @param second the second moments, likewise
     */
    public static void adam(
            MemorySegment values,
            MemorySegment gradients,
            float[] first,
            float[] second,
            int start,
            int count,
            AdamStep step) {
        try (PinnedObject firstPinned = PinnedObject.create(first);
                PinnedObject secondPinned = PinnedObject.create(second)) {
            LinkedFunctions.adam(
                    WordFactory.pointer(values.address()),
                    WordFactory.pointer(gradients.address()),
                    firstPinned.addressOfArrayElement(start),
                    secondPinned.addressOfArrayElement(start),
                    count,
                    step.clipping(),
                    step.weightDecay(),
                    step.firstShare(),
                    step.secondDecay(),
                    step.secondShare(),
                    step.rate(),
                    step.rootScale(),
                    step.epsilon());
        }
    }

    /** {@code max(0, x)} of {@code count} floats, in place. */
    public static void relu(MemorySegment values, int count) {
        LinkedFunctions.relu(WordFactory.pointer(values.address()), count);
    }

    /** {@code max(x, slope · x)} of {@code count} floats, in place. */
    public static void leakyRelu(MemorySegment values, int count, float slope) {
        LinkedFunctions.leakyRelu(WordFactory.pointer(values.address()), count, slope);
    }

    /** Multiplies {@code count} floats by 1 where an output is positive, by the slope elsewhere. */
    public static void reluSlopes(MemorySegment slopes, MemorySegment outputs, int count, float slope) {
        LinkedFunctions.reluSlopes(
                WordFactory.pointer(slopes.address()), WordFactory.pointer(outputs.address()), count, slope);
    }

    /** Adds {@code count} rows of {@code width} floats to one row. */
    public static void addRows(MemorySegment sums, MemorySegment rows, int count, int width) {
        LinkedFunctions.addRows(WordFactory.pointer(sums.address()), WordFactory.pointer(rows.address()), count, width);
    }

    /** The sum of the squares of {@code count} floats. */
    public static double sumOfSquares(MemorySegment values, int count) {
        return LinkedFunctions.sumOfSquares(WordFactory.pointer(values.address()), count);
    }

    /** Moves {@code count} floats towards others by a share of the way. */
    public static void blend(MemorySegment values, MemorySegment others, int count, float share) {
        LinkedFunctions.blend(
                WordFactory.pointer(values.address()), WordFactory.pointer(others.address()), count, share);
    }

    /**
     * Exchanges rows and columns.
     *
     * @param values rows × columns
     * @param turned room for as many
     */
    public static void transpose(MemorySegment values, int rows, int columns, float[] turned) {
        try (PinnedObject pinned = PinnedObject.create(turned)) {
            LinkedFunctions.transpose(
                    WordFactory.pointer(values.address()), rows, columns, pinned.addressOfArrayElement(0));
        }
    }
}
