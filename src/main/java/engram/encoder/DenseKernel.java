package engram.encoder;

/**
 * Multiplies rows by one matrix and adds a bias, in plain Java. For every output all kernels add input after input, in
 * rising order, with fused multiply-adds, and inputs that are 0 change nothing; so every kernel gives the same bits for a
 * row, alone and in any batch. Implementations are immutable and thread-safe.
 */
interface DenseKernel {
    /**
     * Applies the layer.
     *
     * @param rows of as many numbers as the matrix has inputs
     * @return as many new rows, of as many numbers as it has outputs
     */
    float[][] apply(float[][] rows);

    /**
     * The fastest kernel for this process.
     *
     * @param byOutput the matrix, outputs × inputs; not kept
     * @param bias one number an output; not kept
     */
    static DenseKernel of(float[] byOutput, float[] bias) {
        return DenseKernels.FASTEST.create(byOutput, bias);
    }

    /** Makes kernels of one kind. */
    interface Factory {
        DenseKernel create(float[] byOutput, float[] bias);
    }
}
