package engram.tensor.kernel;

import org.graalvm.nativeimage.c.CContext;
import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.function.CFunction.Transition;
import org.graalvm.word.PointerBase;

/** The functions of {@code src/main/c/}, under their names there. */
@CContext(KernelLibrary.class)
final class LinkedFunctions {
    private LinkedFunctions() {}

    @CFunction(value = "engram_square_distances", transition = Transition.NO_TRANSITION)
    static native void squareDistances(
            PointerBase query,
            PointerBase vectors,
            long stride,
            PointerBase ordinals,
            int count,
            int dimension,
            PointerBase distances);

    @CFunction(value = "engram_sketch_distances", transition = Transition.NO_TRANSITION)
    static native void sketchDistances(
            PointerBase wanted, PointerBase sketches, int count, int length, PointerBase distances);

    @CFunction(value = "engram_dense", transition = Transition.NO_TRANSITION)
    static native void dense(
            PointerBase rows,
            int count,
            int inputs,
            PointerBase packed,
            PointerBase bias,
            int panels,
            PointerBase results);

    @CFunction(value = "engram_adam", transition = Transition.NO_TRANSITION)
    static native void adam(
            PointerBase values,
            PointerBase gradients,
            PointerBase first,
            PointerBase second,
            int count,
            float clipping,
            float weightDecay,
            float firstShare,
            float secondDecay,
            float secondShare,
            float rate,
            float rootScale,
            float epsilon);

    @CFunction(value = "engram_relu", transition = Transition.NO_TRANSITION)
    static native void relu(PointerBase values, int count);

    @CFunction(value = "engram_leaky_relu", transition = Transition.NO_TRANSITION)
    static native void leakyRelu(PointerBase values, int count, float slope);

    @CFunction(value = "engram_relu_slopes", transition = Transition.NO_TRANSITION)
    static native void reluSlopes(PointerBase slopes, PointerBase outputs, int count, float slope);

    @CFunction(value = "engram_add_rows", transition = Transition.NO_TRANSITION)
    static native void addRows(PointerBase sums, PointerBase rows, int count, int width);

    @CFunction(value = "engram_sum_of_squares", transition = Transition.NO_TRANSITION)
    static native double sumOfSquares(PointerBase values, int count);

    @CFunction(value = "engram_blend", transition = Transition.NO_TRANSITION)
    static native void blend(PointerBase values, PointerBase others, int count, float share);

    @CFunction(value = "engram_transpose", transition = Transition.NO_TRANSITION)
    static native void transpose(PointerBase values, int rows, int columns, PointerBase turned);
}
