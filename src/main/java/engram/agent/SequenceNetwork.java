package engram.agent;

import engram.tensor.NamedParameters;
import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The computation of a network that runs along episodes: dense layers, perhaps one that remembers, and a linear head.
 *
 * @param outputs how many numbers come out
 */
record SequenceNetwork(int observations, NetworkSettings settings, Recurrence recurrence, int outputs) {
    DenseLayers trunk() {
        return new DenseLayers("trunk", observations, settings, 0);
    }

    RecurrentLayer memory() {
        return new RecurrentLayer(trunk().width(), recurrence);
    }

    DenseLayers head() {
        int inputs = recurrence.used() ? memory().width() : trunk().width();
        NetworkSettings noHidden =
                new NetworkSettings(List.of(), settings.activation(), settings.dropout(), settings.initialization());
        return new DenseLayers("head", inputs, noHidden, outputs);
    }

    List<ParameterValues.Entry> initial(RandomGenerator random) {
        List<ParameterValues.Entry> entries = new ArrayList<>(trunk().initial(random));
        if (recurrence.used()) {
            entries.addAll(memory().initial(random));
        }
        entries.addAll(head().initial(random));
        return entries;
    }

    /** Rows of outputs for all moments of all episodes. */
    Tensor forward(Scope scope, Parameters parameters, EpisodeRows rows) {
        Tensor values =
                trunk().forward(scope, parameters, scope.tensor(rows.observations(), rows.count(), observations));
        if (recurrence.used()) {
            values = memory().forward(scope, parameters, values, rows.live());
        }
        return head().forward(scope, parameters, values);
    }

    Snapshot snapshot(NamedParameters values) {
        return new Snapshot(
                new DenseSnapshot(trunk(), values),
                recurrence.used() ? List.of(new RecurrentSnapshot(memory(), values)) : List.of(),
                new DenseSnapshot(head(), values));
    }

    /**
     * The network with its numbers as plain arrays.
     *
     * @param memory one layer or none
     */
    record Snapshot(DenseSnapshot trunk, List<RecurrentSnapshot> memory, DenseSnapshot head) {
        int carried() {
            return memory.stream().mapToInt(RecurrentSnapshot::carried).sum();
        }

        float[] forward(float[] observation, float[] carried) {
            float[] values = trunk.forward(observation);
            for (RecurrentSnapshot layer : memory) {
                values = layer.forward(values, carried);
            }
            return head.forward(values);
        }
    }
}
