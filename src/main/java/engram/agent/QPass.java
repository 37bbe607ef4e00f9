package engram.agent;

import engram.tensor.NativeMatrix;
import engram.tensor.Parameters;
import engram.tensor.TensorEngine;
import org.jspecify.annotations.Nullable;

/** A {@link QNetwork} at work on a batch. One thread at a time. */
final class QPass implements AutoCloseable {
    private final int actions;
    private final DensePass trunk;
    private final @Nullable DensePass value;
    private final @Nullable DensePass advantage;
    private final NativeMatrix trunkSlopes;

    QPass(TensorEngine engine, QNetwork network, Parameters parameters) {
        this.actions = network.actions();
        this.trunk = new DensePass(engine, network.trunk(), parameters);
        this.value = network.dueling() ? new DensePass(engine, network.value(), parameters) : null;
        this.advantage = network.dueling() ? new DensePass(engine, network.advantage(), parameters) : null;
        this.trunkSlopes = new NativeMatrix(network.trunk().width());
    }

    /** Rows of observations to rows of action values; a new array. */
    float[] values(float[] rows, Dropout dropout) {
        NativeMatrix hidden = trunk.forward(rows, dropout);
        if (value == null || advantage == null) {
            return hidden.toArray();
        }
        float[] worth = value.forward(hidden, dropout).toArray();
        float[] values = advantage.forward(hidden, dropout).toArray();
        for (int row = 0; row < worth.length; row++) {
            float mean = 0;
            for (int action = 0; action < actions; action++) {
                mean += values[row * actions + action];
            }
            mean /= actions;
            for (int action = 0; action < actions; action++) {
                values[row * actions + action] += worth[row] - mean;
            }
        }
        return values;
    }

    /** Adds to the gradients, given the slopes of the loss by the values computed last. */
    void learn(float[] slopes) {
        if (value == null || advantage == null) {
            trunk.learn(slopes);
            return;
        }
        float[] byWorth = new float[slopes.length / actions];
        float[] byAdvantage = slopes.clone();
        for (int row = 0; row < byWorth.length; row++) {
            for (int action = 0; action < actions; action++) {
                byWorth[row] += slopes[row * actions + action];
            }
            for (int action = 0; action < actions; action++) {
                byAdvantage[row * actions + action] -= byWorth[row] / actions;
            }
        }
        trunkSlopes.copy(value.learnThrough(byWorth));
        trunkSlopes.changeBy(advantage.learnThrough(byAdvantage), DensePass::add);
        trunk.learn(trunkSlopes);
    }

    @Override
    public void close() {
        trunk.close();
        if (value != null && advantage != null) {
            value.close();
            advantage.close();
        }
        trunkSlopes.close();
    }
}
