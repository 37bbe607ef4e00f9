package engram.encoder;

/**
 * Finds features that a folded vector may have come from: the minimum of ½‖M e − z‖² + Σ λᵢ|eᵢ| over differences e from
 * the reference that keep the features in [0,1], by accelerated proximal gradients (Beck and Teboulle 2009). Few
 * numbers of a state differ from the reference, which is what lets 128 numbers tell 512. Thread-safe.
 */
final class SparseRecovery {
    /** After as many steps little changes. */
    static final int ITERATIONS = 100;

    private static final float TOLERANCE = 1e-6f;

    /** The price of a difference in the first block, where nothing is folded that was not folded on purpose. */
    private static final float NEAR_PRICE = 0.003f;

    private static final float FAR_PRICE = 0.009f;

    private final FoldingChain chain;
    private final float[] reference;

    SparseRecovery(FoldingChain chain, float[] reference) {
        this.chain = chain;
        this.reference = reference;
    }

    /** Features in [0,1], a new array, after at most so many steps. */
    float[] recover(float[] vector, Resolution resolution, int iterations) {
        int inputs = reference.length;
        int[] layers = chain.layers(resolution);
        float[] current = new float[inputs];
        for (int i = 0; i < Math.min(inputs, vector.length); i++) {
            current[i] = bounded(i, vector[i]);
        }
        float[] leading = current.clone();
        float[] gradient = new float[inputs];
        double momentum = 1;
        for (int iteration = 0; iteration < iterations; iteration++) {
            float[] residual = chain.forward(leading, resolution);
            for (int i = 0; i < residual.length; i++) {
                residual[i] -= vector[i];
            }
            chain.backward(residual, resolution, gradient);
            double nextMomentum = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
            float push = (float) ((momentum - 1) / nextMomentum);
            momentum = nextMomentum;
            float change = 0;
            for (int i = 0; i < inputs; i++) {
                float step = 1f / layers[i / GoldFrames.SIZE];
                float price = step * (i < GoldFrames.SIZE ? NEAR_PRICE : FAR_PRICE);
                float next = bounded(i, shrunk(leading[i] - step * gradient[i], price));
                change = Math.max(change, Math.abs(next - current[i]));
                leading[i] = next + push * (next - current[i]);
                current[i] = next;
            }
            if (change < TOLERANCE) {
                break;
            }
        }
        for (int i = 0; i < inputs; i++) {
            current[i] = Math.clamp(current[i] + reference[i], 0f, 1f);
        }
        return current;
    }

    private float bounded(int slot, float difference) {
        return Math.clamp(difference, -reference[slot], 1 - reference[slot]);
    }

    private static float shrunk(float value, float price) {
        return value > price ? value - price : value < -price ? value + price : 0;
    }
}
