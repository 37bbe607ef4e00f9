package engram.agent;

import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The computation of a stack of dense layers, without its numbers: an activation after every layer but the last, if the
 * stack ends in outputs, or after every one, if it is the trunk of several heads.
 *
 * @param prefix of the parameters' names, which are {@code prefix.0.weight}, {@code prefix.0.bias} and so on
 * @param inputs the width of what comes in
 * @param outputs the width of the last layer, 0 for a trunk
 */
record DenseLayers(String prefix, int inputs, NetworkSettings settings, int outputs) {
    /** The width of what comes out. */
    int width() {
        if (outputs > 0) {
            return outputs;
        }
        return settings.layers().isEmpty() ? inputs : settings.layers().getLast();
    }

    int layers() {
        return settings.layers().size() + (outputs > 0 ? 1 : 0);
    }

    boolean activated(int layer) {
        return layer < settings.layers().size();
    }

    String name(int layer) {
        return prefix + "." + layer;
    }

    /** The width of a layer's outputs. */
    int width(int layer) {
        return activated(layer) ? settings.layers().get(layer) : outputs;
    }

    List<ParameterValues.Entry> initial(RandomGenerator random) {
        List<ParameterValues.Entry> entries = new ArrayList<>();
        int from = inputs;
        for (int layer = 0; layer < layers(); layer++) {
            entries.addAll(settings.initialization().linear(name(layer), from, width(layer), random));
            from = width(layer);
        }
        return entries;
    }

    /** Rows of inputs to rows of outputs, recorded by PyTorch; nothing is left out. */
    Tensor forward(Scope scope, Parameters parameters, Tensor rows) {
        Tensor values = rows;
        for (int layer = 0; layer < layers(); layer++) {
            values = values.linear(
                    parameters.tensor(scope, name(layer) + ".weight"), parameters.tensor(scope, name(layer) + ".bias"));
            if (activated(layer)) {
                values = settings.activation().apply(values);
            }
        }
        return values;
    }
}
