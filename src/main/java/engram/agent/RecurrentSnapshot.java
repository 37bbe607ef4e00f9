package engram.agent;

import engram.tensor.NamedParameters;

/** A layer that remembers, with its numbers as plain arrays, for acting without PyTorch. Immutable and thread-safe. */
final class RecurrentSnapshot {
    private final Recurrence settings;
    private final float[] inputWeights;
    private final float[] inputBias;
    private final float[] carriedWeights;
    private final float[] carriedBias;

    RecurrentSnapshot(RecurrentLayer layer, NamedParameters values) {
        this.settings = layer.settings();
        this.inputWeights = values.transposed(RecurrentLayer.INPUTS + ".weight");
        this.inputBias = values.values(RecurrentLayer.INPUTS + ".bias");
        this.carriedWeights = values.transposed(RecurrentLayer.CARRIED + ".weight");
        this.carriedBias = values.values(RecurrentLayer.CARRIED + ".bias");
    }

    int carried() {
        return settings.carried();
    }

    /**
     * One moment.
     *
     * @param carried what is remembered, changed in place: what came out before, then, for LSTM, the cells
     * @return what comes out; a new array
     */
    float[] forward(float[] row, float[] carried) {
        int width = settings.width();
        float[] hidden = new float[width];
        System.arraycopy(carried, 0, hidden, 0, width);
        float[] arriving = inputBias.clone();
        DenseSnapshot.accumulate(row, inputWeights, arriving);
        float[] remembered = carriedBias.clone();
        DenseSnapshot.accumulate(hidden, carriedWeights, remembered);
        for (int i = 0; i < width; i++) {
            int second = width + i;
            int third = 2 * width + i;
            if (settings.kind() == Recurrence.Kind.LSTM) {
                int fourth = 3 * width + i;
                double cell = sigmoid(arriving[second] + remembered[second]) * carried[second]
                        + sigmoid(arriving[i] + remembered[i]) * Math.tanh(arriving[third] + remembered[third]);
                carried[second] = (float) cell;
                hidden[i] = (float) (sigmoid(arriving[fourth] + remembered[fourth]) * Math.tanh(cell));
            } else {
                double update = sigmoid(arriving[second] + remembered[second]);
                double fresh = Math.tanh(arriving[third] + sigmoid(arriving[i] + remembered[i]) * remembered[third]);
                hidden[i] = (float) (fresh + update * (hidden[i] - fresh));
            }
        }
        System.arraycopy(hidden, 0, carried, 0, width);
        return hidden;
    }

    private static double sigmoid(double value) {
        return 1 / (1 + Math.exp(-value));
    }
}
