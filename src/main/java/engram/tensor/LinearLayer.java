package engram.tensor;

import engram.tensor.kernel.NativeKernels;
import java.lang.foreign.MemorySegment;

/**
 * A linear layer, {@code outputs = inputs · weightᵀ + bias}, forwards and backwards without a recorded graph. Its
 * parameters are two of {@link Parameters#byHand}: {@code name.weight}, outputs × inputs, and {@code name.bias}. Used by one
 * thread at a time.
 */
public final class LinearLayer {
    private final MatrixProducts products;
    private final Parameters.Slice weight;
    private final Parameters.Slice bias;
    private final int inputs;
    private final int outputs;
    private final float[] sums;
    private final float[] row;

    /**
     * @param engine whose products are used; loads PyTorch
     * @param parameters of the layer among others
     */
    public LinearLayer(TensorEngine engine, Parameters parameters, String name) {
        this(engine.products(), parameters, name);
    }

    LinearLayer(MatrixProducts products, Parameters parameters, String name) {
        this.products = products;
        this.weight = parameters.slice(name + ".weight");
        this.bias = parameters.slice(name + ".bias");
        this.outputs = weight.shape.getFirst();
        this.inputs = weight.shape.getLast();
        this.sums = new float[outputs];
        this.row = new float[outputs];
    }

    /**
     * Computes the outputs.
     *
     * @param results resized and overwritten
     */
    public void forward(NativeMatrix rows, NativeMatrix results) {
        results.resize(rows.rows());
        long bytes = (long) outputs * Float.BYTES;
        for (int i = 0; i < rows.rows(); i++) {
            MemorySegment.copy(bias.memory, 0, results.memory(), i * bytes, bytes);
        }
        products.addProduct(false, true, rows.rows(), outputs, inputs, rows.memory(), weight.memory, results.memory());
    }

    /**
     * Adds to the gradients of weight and bias.
     *
     * @param rows as they went in
     * @param slopes of the loss by the outputs
     */
    public void addGradients(NativeMatrix rows, NativeMatrix slopes) {
        products.addProduct(
                true, false, outputs, inputs, rows.rows(), slopes.memory(), rows.memory(), weight.gathered());
        MemorySegment gradient = bias.gathered();
        if (NativeKernels.ARE_LINKED) {
            NativeKernels.addRows(gradient, slopes.memory(), slopes.rows(), outputs);
            return;
        }
        Parameters.read(gradient, 0, sums, outputs);
        for (int i = 0; i < slopes.rows(); i++) {
            Parameters.read(slopes.memory(), i * outputs, row, outputs);
            for (int j = 0; j < outputs; j++) {
                sums[j] += row[j];
            }
        }
        Parameters.write(sums, gradient, 0, outputs);
    }

    /**
     * Computes the slopes of the loss by the inputs.
     *
     * @param slopes of the loss by the outputs
     * @param results resized and overwritten
     */
    public void backward(NativeMatrix slopes, NativeMatrix results) {
        results.resize(slopes.rows());
        results.clear();
        products.addProduct(
                false, false, slopes.rows(), inputs, outputs, slopes.memory(), weight.memory, results.memory());
    }
}
