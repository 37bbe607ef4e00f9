package engram.agent;

import engram.tensor.Adam;
import engram.tensor.AdamSettings;
import engram.tensor.AdamState;
import engram.tensor.Gradient;
import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import engram.tensor.TensorEngine;
import java.util.random.RandomGenerator;

/** A network that learns what return an observation leads to. One platform thread. */
final class ValueBaseline implements AutoCloseable {
    private final SequenceNetwork network;
    private final ReinforceSettings.Baseline settings;
    private final Parameters parameters;
    private final Adam adam;

    ValueBaseline(TensorEngine engine, int observations, ReinforceSettings settings, RandomGenerator random) {
        this.network = new SequenceNetwork(observations, settings.network(), settings.recurrence(), 1);
        this.settings = settings.baseline();
        this.parameters = new Parameters(engine, new ParameterValues(network.initial(random)));
        this.adam = new Adam(
                parameters, AdamSettings.of(this.settings.learningRate().at(0)).clippedTo(settings.maximumNorm()));
    }

    /** The expected return of every row. */
    float[] values(Scope scope, EpisodeRows rows) {
        return network.forward(scope, parameters, rows).toArray();
    }

    /**
     * Learns what the returns were.
     *
     * @param returns of every row
     * @return the mean squared error before the first step
     */
    double learn(Scope scope, EpisodeRows rows, float[] returns, double done) {
        double before = 0;
        for (int update = 0; update < settings.updates(); update++) {
            try (Scope step = scope.open()) {
                Tensor wanted = step.tensor(returns, rows.count(), 1);
                double loss = Gradient.of(() -> network.forward(step, parameters, rows)
                                .minus(wanted)
                                .square()
                                .mean())
                        .item();
                adam.step(settings.learningRate().at(done));
                before = update == 0 ? loss : before;
            }
        }
        return before;
    }

    ParameterValues parameters() {
        return parameters.values();
    }

    AdamState optimizer() {
        return adam.state();
    }

    void restore(ParameterValues values, AdamState state) {
        parameters.load(values);
        adam.restore(state);
    }

    @Override
    public void close() {
        parameters.close();
    }
}
