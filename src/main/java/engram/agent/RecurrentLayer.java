package engram.agent;

import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The computation of a layer that remembers, without its numbers. Gates lie as in {@code torch.nn.LSTM} (input, forget,
 * cell, output) and {@code torch.nn.GRU} (reset, update, new); {@code inputs.weight} and {@code inputs.bias} are PyTorch's
 * {@code weight_ih} and {@code bias_ih}, {@code carried.weight} and {@code carried.bias} its {@code weight_hh} and
 * {@code bias_hh}.
 *
 * @param inputs the width of what comes in
 */
record RecurrentLayer(int inputs, Recurrence settings) {
    static final String INPUTS = "memory.inputs";
    static final String CARRIED = "memory.carried";

    int width() {
        return settings.width();
    }

    /** Uniform within ±1 / √width, as PyTorch has it. */
    List<ParameterValues.Entry> initial(RandomGenerator random) {
        int gates = settings.gates();
        return List.of(
                drawn(INPUTS + ".weight", random, gates, inputs),
                drawn(INPUTS + ".bias", random, gates),
                drawn(CARRIED + ".weight", random, gates, width()),
                drawn(CARRIED + ".bias", random, gates));
    }

    private ParameterValues.Entry drawn(String name, RandomGenerator random, Integer... shape) {
        float bound = (float) (1 / Math.sqrt(width()));
        float[] values = new float[List.of(shape).stream().reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (2 * random.nextFloat() - 1) * bound;
        }
        return new ParameterValues.Entry(name, List.of(shape), values);
    }

    /**
     * Runs through episodes side by side, each from nothing remembered.
     *
     * @param rows moment by moment, and within a moment one row for each episode that lasts so long, longer episodes first
     * @param live how many episodes there are at each moment
     * @return as many rows in the same order
     */
    Tensor forward(Scope scope, Parameters parameters, Tensor rows, int[] live) {
        Tensor sums =
                rows.linear(parameters.tensor(scope, INPUTS + ".weight"), parameters.tensor(scope, INPUTS + ".bias"));
        Tensor weight = parameters.tensor(scope, CARRIED + ".weight");
        Tensor bias = parameters.tensor(scope, CARRIED + ".bias");
        Tensor hidden = scope.tensor(new float[live[0] * width()], live[0], width());
        Tensor cell = hidden;
        Tensor[] outputs = new Tensor[live.length];
        int from = 0;
        for (int moment = 0; moment < live.length; moment++) {
            int episodes = live[moment];
            if (moment > 0 && episodes < live[moment - 1]) {
                hidden = hidden.rows(0, episodes);
                cell = cell.rows(0, episodes);
            }
            Tensor arriving = sums.rows(from, from + episodes);
            Tensor remembered = hidden.linear(weight, bias);
            if (settings.kind() == Recurrence.Kind.LSTM) {
                Tensor gates = arriving.plus(remembered);
                Tensor kept = gate(gates, 1).sigmoid().times(cell);
                Tensor added = gate(gates, 0).sigmoid().times(gate(gates, 2).tanh());
                cell = kept.plus(added);
                hidden = gate(gates, 3).sigmoid().times(cell.tanh());
            } else {
                Tensor reset = gate(arriving, 0).plus(gate(remembered, 0)).sigmoid();
                Tensor update = gate(arriving, 1).plus(gate(remembered, 1)).sigmoid();
                Tensor fresh =
                        gate(arriving, 2).plus(reset.times(gate(remembered, 2))).tanh();
                // (1 − update) · fresh + update · hidden
                hidden = fresh.plus(update.times(hidden.minus(fresh)));
            }
            outputs[moment] = hidden;
            from += episodes;
        }
        return Tensor.stackRows(outputs);
    }

    private Tensor gate(Tensor gates, int which) {
        return gates.columns(which * width(), (which + 1) * width());
    }
}
