package engram.agent;

import engram.tensor.NamedParameters;
import engram.tensor.ParameterValues;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The computation of the value of every action: a plain stack, or the two heads of a dueling network (Wang et al., 2016),
 * {@code V(s) + A(s,a) − mean A(s,·)}.
 */
record QNetwork(int observations, int actions, NetworkSettings settings, boolean dueling) {
    private static final NetworkSettings NO_HIDDEN = NetworkSettings.of();

    DenseLayers trunk() {
        return new DenseLayers("trunk", observations, settings, dueling ? 0 : actions);
    }

    DenseLayers value() {
        return new DenseLayers("value", trunk().width(), head(), 1);
    }

    DenseLayers advantage() {
        return new DenseLayers("advantage", trunk().width(), head(), actions);
    }

    private NetworkSettings head() {
        return new NetworkSettings(
                NO_HIDDEN.layers(), settings.activation(), settings.dropout(), settings.initialization());
    }

    ParameterValues initial(RandomGenerator random) {
        List<ParameterValues.Entry> entries = new ArrayList<>(trunk().initial(random));
        if (dueling) {
            entries.addAll(value().initial(random));
            entries.addAll(advantage().initial(random));
        }
        return new ParameterValues(entries);
    }

    /** A policy with the numbers as they are now. */
    QPolicy snapshot(NamedParameters values) {
        return new QPolicy(
                new DenseSnapshot(trunk(), values),
                dueling
                        ? new QPolicy.Heads(new DenseSnapshot(value(), values), new DenseSnapshot(advantage(), values))
                        : null);
    }
}
