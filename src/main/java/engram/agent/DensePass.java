package engram.agent;

import engram.tensor.LinearLayer;
import engram.tensor.NativeMatrix;
import engram.tensor.Parameters;
import engram.tensor.PointwiseFunction;
import engram.tensor.TensorEngine;
import java.util.ArrayList;
import java.util.List;

/**
 * A stack of dense layers at work on a batch: forwards, and then, by the chain rule, backwards. Going backwards always
 * follows the last time forwards. What it returns stays its own and holds until it works again. One thread at a time.
 */
final class DensePass implements AutoCloseable {
    private final DenseLayers layers;
    private final List<LinearLayer> linear = new ArrayList<>();
    /** What goes into every layer; the last one is what comes out of the stack. */
    private final List<NativeMatrix> values = new ArrayList<>();

    /** The slopes of the loss by {@link #values}. */
    private final List<NativeMatrix> slopes = new ArrayList<>();

    private final float[][] masks;

    /** @param parameters of this stack among others, {@linkplain Parameters#byHand by hand} */
    DensePass(TensorEngine engine, DenseLayers layers, Parameters parameters) {
        this.layers = layers;
        this.masks = new float[layers.layers()][];
        values.add(new NativeMatrix(layers.inputs()));
        slopes.add(new NativeMatrix(layers.inputs()));
        for (int layer = 0; layer < layers.layers(); layer++) {
            linear.add(new LinearLayer(engine, parameters, layers.name(layer)));
            values.add(new NativeMatrix(layers.width(layer)));
            slopes.add(new NativeMatrix(layers.width(layer)));
        }
    }

    /** The outputs for rows of inputs. */
    NativeMatrix forward(float[] rows, Dropout dropout) {
        values.getFirst().set(rows);
        return forward(dropout);
    }

    /** The outputs for rows of inputs, which are copied. */
    NativeMatrix forward(NativeMatrix rows, Dropout dropout) {
        values.getFirst().copy(rows);
        return forward(dropout);
    }

    private NativeMatrix forward(Dropout dropout) {
        for (int layer = 0; layer < linear.size(); layer++) {
            NativeMatrix result = values.get(layer + 1);
            linear.get(layer).forward(values.get(layer), result);
            if (layers.activated(layer)) {
                float[] mask = dropout.mask(
                        result.rows() * result.width(), layers.settings().dropout());
                masks[layer] = mask;
                activate(result, mask);
            }
        }
        return values.getLast();
    }

    private void activate(NativeMatrix sums, float[] mask) {
        layers.settings().activation().function().apply(sums);
        if (mask.length > 0) {
            sums.change((numbers, from, count) -> {
                for (int i = 0; i < count; i++) {
                    numbers[i] *= mask[from + i];
                }
            });
        }
    }

    /** Adds to the gradients of the parameters, given the slopes of the loss by the outputs. */
    void learn(float[] slopesOfOutputs) {
        slopes.getLast().set(slopesOfOutputs);
        backward(true, false);
    }

    /** The same with slopes that another stack has computed. */
    void learn(NativeMatrix slopesOfOutputs) {
        slopes.getLast().copy(slopesOfOutputs);
        backward(true, false);
    }

    /** Adds to the gradients of the parameters, and computes the slopes of the loss by the inputs. */
    NativeMatrix learnThrough(float[] slopesOfOutputs) {
        slopes.getLast().set(slopesOfOutputs);
        return backward(true, true);
    }

    /** Computes the slopes of the loss by the inputs, and leaves the gradients of the parameters alone. */
    NativeMatrix through(float[] slopesOfOutputs) {
        slopes.getLast().set(slopesOfOutputs);
        return backward(false, true);
    }

    private NativeMatrix backward(boolean learn, boolean toInputs) {
        for (int layer = linear.size() - 1; layer >= 0; layer--) {
            NativeMatrix outer = slopes.get(layer + 1);
            if (layers.activated(layer)) {
                deactivate(outer, values.get(layer + 1), masks[layer]);
            }
            if (learn) {
                linear.get(layer).addGradients(values.get(layer), outer);
            }
            if (layer > 0 || toInputs) {
                linear.get(layer).backward(outer, slopes.get(layer));
            }
        }
        return slopes.getFirst();
    }

    private void deactivate(NativeMatrix outer, NativeMatrix outputs, float[] mask) {
        PointwiseFunction activation = layers.settings().activation().function();
        if (mask.length == 0) {
            activation.backward(outer, outputs);
            return;
        }
        outer.changeBy(outputs, (numbers, results, from, count) -> {
            for (int i = 0; i < count; i++) {
                float scale = mask[from + i];
                numbers[i] *= scale;
                // What the activation gave before it was scaled up; where it was left out, its slope is 0 already.
                results[i] = scale == 0 ? 0 : results[i] / scale;
            }
            activation.backward(numbers, results, count);
        });
    }

    /** Adds other numbers to numbers. */
    static void add(float[] numbers, float[] others, int from, int count) {
        for (int i = 0; i < count; i++) {
            numbers[i] += others[i];
        }
    }

    @Override
    public void close() {
        values.forEach(NativeMatrix::close);
        slopes.forEach(NativeMatrix::close);
    }
}
