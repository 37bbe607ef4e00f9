package engram.tensor;

/** A function of one number, used on many and taken backwards by what it gave. Stateless, any number of threads. */
public interface PointwiseFunction {
    /** Replaces the first numbers of an array by their function. */
    void apply(float[] values, int count);

    /**
     * Takes slopes from outputs back to inputs.
     *
     * @param slopes of something by the outputs, replaced by those by the inputs
     * @param outputs what {@link #apply} gave
     */
    void backward(float[] slopes, float[] outputs, int count);

    /** Replaces all numbers of a matrix by their function. */
    default void apply(NativeMatrix values) {
        values.change((numbers, _, count) -> apply(numbers, count));
    }

    /** Takes slopes back in matrices of the same size. */
    default void backward(NativeMatrix slopes, NativeMatrix outputs) {
        slopes.changeBy(outputs, (numbers, results, _, count) -> backward(numbers, results, count));
    }
}
