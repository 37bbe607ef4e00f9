package engram.agent;

import engram.tensor.Parameters;
import engram.tensor.TensorEngine;
import java.util.List;

/** Two critics at work on a batch of observations and actions. One thread at a time. */
final class CriticPass implements AutoCloseable {
    private final int observations;
    private final DensePass first;
    private final DensePass second;

    /** @param critics two stacks, of observations and actions side by side */
    CriticPass(TensorEngine engine, List<DenseLayers> critics, Parameters parameters, int observations) {
        this.observations = observations;
        this.first = new DensePass(engine, critics.getFirst(), parameters);
        this.second = new DensePass(engine, critics.getLast(), parameters);
    }

    /** What each critic says of every row. */
    float[][] values(float[] observed, float[] actions, Dropout dropout) {
        float[] rows = joined(observed, actions);
        return new float[][] {
            first.forward(rows, dropout).toArray(),
            second.forward(rows, dropout).toArray()
        };
    }

    /** Adds to the gradients, given the slopes of the loss by what each said last. */
    void learn(float[] slopesOfFirst, float[] slopesOfSecond) {
        first.learn(slopesOfFirst);
        second.learn(slopesOfSecond);
    }

    /** What the lower of the critics says of every row, nothing left out. */
    Worth worth(float[] observed, float[] actions) {
        float[][] said = values(observed, actions, Dropout.NONE);
        float[] lowest = new float[said[0].length];
        for (int row = 0; row < lowest.length; row++) {
            lowest[row] = Math.min(said[0][row], said[1][row]);
        }
        return new Worth(said, lowest);
    }

    /**
     * The slopes of the mean of −worth by the actions.
     *
     * @param worth as computed last
     */
    float[] slopesByActions(Worth worth) {
        int count = worth.lowest.length;
        float[][] slopes = new float[2][count];
        for (int row = 0; row < count; row++) {
            double difference = (double) worth.said[0][row] - worth.said[1][row];
            // As PyTorch has it, equals share the slope.
            float ofFirst = difference < 0 ? 1 : difference > 0 ? 0 : 0.5f;
            slopes[0][row] = -ofFirst / count;
            slopes[1][row] = -(1 - ofFirst) / count;
        }
        float[] byFirst = first.through(slopes[0]).toArray();
        float[] bySecond = second.through(slopes[1]).toArray();
        int width = byFirst.length / count;
        int actions = width - observations;
        float[] byActions = new float[count * actions];
        for (int row = 0; row < count; row++) {
            for (int action = 0; action < actions; action++) {
                int place = row * width + observations + action;
                byActions[row * actions + action] = byFirst[place] + bySecond[place];
            }
        }
        return byActions;
    }

    private float[] joined(float[] observed, float[] actions) {
        int count = observed.length / observations;
        int width = actions.length / count;
        float[] rows = new float[observed.length + actions.length];
        for (int row = 0; row < count; row++) {
            System.arraycopy(observed, row * observations, rows, row * (observations + width), observations);
            System.arraycopy(actions, row * width, rows, row * (observations + width) + observations, width);
        }
        return rows;
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }

    /**
     * What actions are worth.
     *
     * @param said what each critic says of every row
     * @param lowest the lower of both
     */
    @SuppressWarnings("ArrayRecordComponent") // lives for one update, never compared
    record Worth(float[][] said, float[] lowest) {
        double mean() {
            double sum = 0;
            for (float value : lowest) {
                sum += value;
            }
            return sum / lowest.length;
        }
    }
}
