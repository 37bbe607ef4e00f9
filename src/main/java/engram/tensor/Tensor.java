package engram.tensor;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An array of numbers in native memory. It belongs to a {@link Scope} and must not be used after that closes. The result
 * of an operation belongs to the inner scope of its operands. Shapes broadcast as in PyTorch. Not thread-safe.
 */
public final class Tensor {
    private final Scope scope;
    private final PtNDArray array;

    Tensor(Scope scope, PtNDArray array) {
        this.scope = scope;
        this.array = array;
    }

    /** The length of every dimension, outermost first; empty for a single number. */
    public int[] shape() {
        return Arrays.stream(array.getShape().getShape())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /** How many numbers it has. */
    public int size() {
        return Math.toIntExact(array.getShape().size());
    }

    /** A new array of all numbers in row order. */
    public float[] toArray() {
        float[] values = new float[size()];
        if (array.getDevice().isGpu()) {
            try (PtNDArray local = JniUtils.to(array, DataType.FLOAT32, ai.djl.Device.cpu())) {
                bytes(local).asFloatBuffer().get(values);
            }
        } else {
            bytes(array).asFloatBuffer().get(values);
        }
        return values;
    }

    /** A new array of the rows of a matrix. */
    public float[][] toRows() {
        int[] shape = shape();
        if (shape.length != 2) {
            throw new IllegalStateException("Rows need a matrix, not the shape " + Arrays.toString(shape) + ".");
        }
        float[] all = toArray();
        float[][] rows = new float[shape[0]][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = Arrays.copyOfRange(all, row * shape[1], (row + 1) * shape[1]);
        }
        return rows;
    }

    /** The only number of a tensor of one. */
    public double item() {
        if (size() != 1) {
            throw new IllegalStateException("There are " + size() + " numbers, not one.");
        }
        return toArray()[0];
    }

    /** {@code this · weightᵀ + bias}: rows of inputs to rows of outputs; weight is outputs × inputs, as in PyTorch. */
    public Tensor linear(Tensor weight, Tensor bias) {
        return scope.inner(weight.scope).inner(bias.scope).own(JniUtils.linear(array, weight.array, bias.array));
    }

    /** The matrix product. */
    public Tensor matmul(Tensor other) {
        return result(other, JniUtils.matmul(array, other.array));
    }

    public Tensor plus(Tensor other) {
        return result(other, JniUtils.add(array, other.array));
    }

    public Tensor plus(double value) {
        return plus(scope.scalar(value));
    }

    public Tensor minus(Tensor other) {
        return result(other, JniUtils.sub(array, other.array));
    }

    public Tensor times(Tensor other) {
        return result(other, JniUtils.mul(array, other.array));
    }

    public Tensor times(double value) {
        return times(scope.scalar(value));
    }

    public Tensor dividedBy(Tensor other) {
        return result(other, JniUtils.div(array, other.array));
    }

    /** The smaller of each pair. */
    public Tensor minimum(Tensor other) {
        return result(other, JniUtils.min(array, other.array));
    }

    /** The larger of each pair. */
    public Tensor maximum(Tensor other) {
        return result(other, JniUtils.max(array, other.array));
    }

    /** Every number raised to the bound where it is below; there the gradient is 0. */
    public Tensor atLeast(double low) {
        return maximum(scope.scalar(low));
    }

    /** Every number kept within the bounds; outside them the gradient is 0. */
    public Tensor clip(double low, double high) {
        // DJL's own clip leaves its two bounds behind as native tensors.
        return atLeast(low).minimum(scope.scalar(high));
    }

    public Tensor negate() {
        return result(JniUtils.neg(array));
    }

    public Tensor square() {
        return result(JniUtils.square(array));
    }

    /** The square root; its gradient at 0 is infinite. */
    public Tensor squareRoot() {
        return result(JniUtils.sqrt(array));
    }

    public Tensor exp() {
        return result(JniUtils.exp(array));
    }

    public Tensor log() {
        return result(JniUtils.log(array));
    }

    public Tensor tanh() {
        return result(JniUtils.tanh(array));
    }

    public Tensor sigmoid() {
        return result(JniUtils.sigmoid(array));
    }

    /** {@code log(1 + eˣ)}. */
    public Tensor softplus() {
        return result(JniUtils.softPlus(array));
    }

    public Tensor relu() {
        return result(JniUtils.relu(array));
    }

    /** {@code x} where it is positive, {@code slope · x} elsewhere. */
    public Tensor leakyRelu(double slope) {
        return result(JniUtils.leakyRelu(array, slope));
    }

    /** The logarithm of the softmax over the last dimension. */
    public Tensor logSoftmax() {
        return result(JniUtils.logSoftmax(array, -1, DataType.FLOAT32));
    }

    /** The sum of all numbers. */
    public Tensor sum() {
        return result(JniUtils.sum(array));
    }

    /** The sum over one dimension, which is kept with length 1. */
    public Tensor sum(int dimension) {
        return result(JniUtils.sum(array, new long[] {dimension}, true));
    }

    /** The mean of all numbers. */
    public Tensor mean() {
        return result(JniUtils.mean(array));
    }

    /** The largest number of each row of a matrix, as a column. */
    public Tensor rowMaximum() {
        return result(JniUtils.max(array, 1, true));
    }

    /** The place of the largest number of each row of a matrix; the first of equal ones is not guaranteed. */
    public int[] rowArgMaximum() {
        try (PtNDArray places = JniUtils.argMax(array, 1, false);
                PtNDArray local = JniUtils.to(places, DataType.INT64, ai.djl.Device.cpu())) {
            long[] values = new long[Math.toIntExact(places.getShape().size())];
            bytes(local).asLongBuffer().get(values);
            return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
        }
    }

    /**
     * One number of each row of a matrix, as a column.
     *
     * @param columns from {@link Scope#indices}: the column for each row
     */
    public Tensor pick(Tensor columns) {
        Scope inner = scope.inner(columns.scope);
        Tensor index = inner.own(JniUtils.unsqueeze(columns.array, 1));
        return inner.own(JniUtils.gather(array, index.array, 1));
    }

    /** The columns {@code from} to before {@code to} of a matrix. */
    public Tensor columns(int from, int to) {
        return result(JniUtils.slice(array, 1, from, to, 1));
    }

    /** The rows {@code from} to before {@code to}. */
    public Tensor rows(int from, int to) {
        return result(JniUtils.slice(array, 0, from, to, 1));
    }

    /** The rows of all the tensors, one tensor after the other. */
    public static Tensor stackRows(Tensor... tensors) {
        return concatenate(0, tensors);
    }

    /** The columns of all the matrices, side by side. */
    public static Tensor joinColumns(Tensor... tensors) {
        return concatenate(1, tensors);
    }

    /** The matrix with rows and columns exchanged. */
    public Tensor transpose() {
        return result(JniUtils.transpose(array, 0, 1));
    }

    /** The same numbers in another shape. */
    public Tensor reshape(int... shape) {
        return result(JniUtils.reshape(
                array, new Shape(Arrays.stream(shape).asLongStream().toArray()).getShape()));
    }

    /** The same numbers, through which no gradient flows. */
    public Tensor detach() {
        return result(JniUtils.detachGradient(array));
    }

    /**
     * The mean squared difference over the places where the mask is 1.
     *
     * @param target what the numbers should be
     * @param mask 1 where a place counts and 0 where it does not, with at least one 1
     */
    public Tensor maskedMeanSquaredError(Tensor target, Tensor mask) {
        return minus(target).square().times(mask).sum().dividedBy(mask.sum());
    }

    PtNDArray array() {
        return array;
    }

    private Tensor result(PtNDArray result) {
        return scope.own(result);
    }

    private Tensor result(Tensor other, PtNDArray result) {
        return scope.inner(other.scope).own(result);
    }

    private static Tensor concatenate(int dimension, Tensor... tensors) {
        Scope inner = tensors[0].scope;
        PtNDArray[] arrays = new PtNDArray[tensors.length];
        for (int i = 0; i < tensors.length; i++) {
            inner = inner.inner(tensors[i].scope);
            arrays[i] = tensors[i].array;
        }
        return inner.own(JniUtils.cat(arrays, dimension));
    }

    private static ByteBuffer bytes(PtNDArray array) {
        return JniUtils.getByteBuffer(array, false);
    }
}
