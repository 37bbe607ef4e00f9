package engram.encoder;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** One array of parameters of an encoder, such as the matrix of a layer. Immutable as long as its array is left alone. */
public final class Weight {
    private final List<Integer> shape;
    private final float[] values;

    private Weight(List<Integer> shape, float[] values) {
        this.shape = shape;
        this.values = values;
    }

    /**
     * A weight with one axis or more.
     *
     * @param values the numbers in row-major order. Handed over, not copied: the caller must not change the array
     *     afterwards
     * @param shape the length of each axis, outermost first; positive, their product the length of {@code values}
     */
    public static Weight of(float[] values, int... shape) {
        Objects.requireNonNull(values, "values");
        List<Integer> axes = Arrays.stream(shape).boxed().toList();
        long size = shape.length == 0 ? 0 : 1;
        for (int axis : shape) {
            if (axis < 1) {
                throw new IllegalArgumentException("the shape " + axes + " has an axis of " + axis);
            }
            size = Math.multiplyExact(size, axis);
        }
        if (size == 0 || size != values.length) {
            throw new IllegalArgumentException("the shape " + axes + " does not hold " + values.length + " numbers");
        }
        return new Weight(axes, values);
    }

    /** The length of each axis, outermost first. */
    public List<Integer> shape() {
        return shape;
    }

    /** The numbers in row-major order; the array itself, not a copy, and not to be changed. */
    public float[] values() {
        return values;
    }

    /** Same shape and bitwise the same numbers. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Weight weight && shape.equals(weight.shape) && Arrays.equals(values, weight.values);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Weight" + shape;
    }
}
