package engram.encoder;

/** Makes {@link VectorKernel}s. Loaded by name only, where the Vector API is there. */
final class VectorKernelMaker implements DenseKernel.Factory {
    @Override
    public DenseKernel create(float[] byOutput, float[] bias) {
        return new VectorKernel(byOutput, bias);
    }
}
