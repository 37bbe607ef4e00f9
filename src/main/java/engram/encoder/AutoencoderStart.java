package engram.encoder;

import engram.tensor.Initialization;
import engram.tensor.ParameterValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The weights a training begins with.
 *
 * <p>The principal start makes the encoder compute the principal components of the training states exactly: a unit
 * carries one component plus an offset that keeps it positive, so its ReLU is the identity, and a later bias takes the
 * offset away. The offset covers half as much again as the training states need, and never more than any state in [0,1]
 * could: large offsets make a poor start for the gradient. Up to {@value #CARRIERS} components pass; the remaining units
 * begin at chance and connect to the vector with weights of 0. Every resolution then keeps distances as well as
 * principal components of its width do before the first step, and training has only to become better than that.
 *
 * @param values all parameters, in the order of {@link AutoencoderLayer}
 * @param lossless whether the narrowest resolution already keeps every distance between the training states
 */
record AutoencoderStart(ParameterValues values, boolean lossless) {
    /** Units of the second layer that carry a component; the other 64 are left to learn what is not linear. */
    private static final int CARRIERS = 192;

    /** The share of the variance that may be missing from a lossless resolution: the rounding of 32-bit numbers. */
    private static final double LOSSLESS = 1e-9;

    private static final double ROOM = 1.5;
    private static final float MARGIN = 0.1f;

    static AutoencoderStart random(int features, RandomGenerator random) {
        List<ParameterValues.Entry> entries = new ArrayList<>();
        for (AutoencoderLayer layer : AutoencoderLayer.values()) {
            Initialization initialization = layer.rectified() ? Initialization.HE : Initialization.XAVIER;
            entries.addAll(
                    initialization.linear(layer.parameter(), layer.inputs(features), layer.outputs(features), random));
        }
        return new AutoencoderStart(new ParameterValues(entries), false);
    }

    /**
     * @param states the training share, at least one row
     * @param columns the slots that are ever used; the components are taken over these
     */
    static AutoencoderStart principal(int features, float[][] states, int[] columns, RandomGenerator random) {
        ParameterValues chance = random(features, random).values();
        Map<String, float[]> arrays = new HashMap<>();
        chance.entries().forEach(entry -> arrays.put(entry.name(), entry.values()));
        double[] mean = mean(states, columns);
        SymmetricEigen.Result components = SymmetricEigen.of(covariance(states, columns, mean));
        int carriers = Math.min(CARRIERS, columns.length);
        float[] offsets = carry(arrays, features, states, columns, mean, components.vectors(), carriers);
        pass(arrays, carriers, offsets);
        List<ParameterValues.Entry> entries = chance.entries().stream()
                .map(entry -> new ParameterValues.Entry(entry.name(), entry.shape(), array(arrays, entry.name())))
                .toList();
        return new AutoencoderStart(new ParameterValues(entries), lossless(components.values(), carriers));
    }

    /** The first layer: one unit a component. Slots never used keep their weights of chance, so they leave a trace. */
    private static float[] carry(
            Map<String, float[]> arrays,
            int features,
            float[][] states,
            int[] columns,
            double[] mean,
            double[][] components,
            int carriers) {
        float[] weight = array(arrays, AutoencoderLayer.ENCODER_FIRST.weight());
        float[] bias = array(arrays, AutoencoderLayer.ENCODER_FIRST.bias());
        float[] offsets = new float[carriers];
        for (int unit = 0; unit < carriers; unit++) {
            double shift = 0;
            for (int i = 0; i < columns.length; i++) {
                weight[unit * features + columns[i]] = (float) components[unit][i];
                shift -= components[unit][i] * mean[i];
            }
            offsets[unit] = offset(components[unit], shift, states, columns);
            bias[unit] = (float) (shift + offsets[unit]);
        }
        return offsets;
    }

    /** What a component needs added to stay positive. */
    private static float offset(double[] component, double shift, float[][] states, int[] columns) {
        double possible = shift;
        for (double factor : component) {
            possible += Math.min(0, factor);
        }
        double observed = 0;
        for (float[] state : states) {
            double value = shift;
            for (int i = 0; i < columns.length; i++) {
                value += component[i] * state[columns[i]];
            }
            observed = Math.min(observed, value);
        }
        return (float) -Math.max(possible, ROOM * observed) + MARGIN;
    }

    /** The second layer and the three resolutions hand the components on, the first ones to the narrowest. */
    private static void pass(Map<String, float[]> arrays, int carriers, float[] offsets) {
        float[] second = array(arrays, AutoencoderLayer.ENCODER_SECOND.weight());
        for (int unit = 0; unit < 256; unit++) {
            // A carrier takes its component alone, any other unit takes no carrier: their offsets would swamp it.
            if (unit < carriers) {
                Arrays.fill(second, unit * 512, (unit + 1) * 512, 0);
                second[unit * 512 + unit] = 1;
            } else {
                Arrays.fill(second, unit * 512, unit * 512 + carriers, 0);
            }
        }
        identity(arrays, AutoencoderLayer.TO_FULL, carriers);
        float[] bias = array(arrays, AutoencoderLayer.TO_FULL.bias());
        for (int unit = 0; unit < carriers; unit++) {
            bias[unit] = -offsets[unit];
        }
        identity(arrays, AutoencoderLayer.TO_COMPRESSED, 128);
        identity(arrays, AutoencoderLayer.TO_ABSTRACT, 32);
        identity(arrays, AutoencoderLayer.FROM_ABSTRACT, 32);
        identity(arrays, AutoencoderLayer.FROM_COMPRESSED, 128);
    }

    private static void identity(Map<String, float[]> arrays, AutoencoderLayer layer, int count) {
        float[] weight = array(arrays, layer.weight());
        Arrays.fill(weight, 0);
        for (int i = 0; i < count; i++) {
            weight[i * layer.inputs(0) + i] = 1;
        }
    }

    private static boolean lossless(double[] variances, int carriers) {
        double all = 0;
        double missing = 0;
        for (int i = 0; i < variances.length; i++) {
            double variance = Math.max(0, variances[i]);
            all += variance;
            if (i >= Math.min(carriers, Resolution.ABSTRACT.dimensions())) {
                missing += variance;
            }
        }
        return missing <= LOSSLESS * all;
    }

    private static double[] mean(float[][] states, int[] columns) {
        double[] mean = new double[columns.length];
        for (float[] state : states) {
            for (int i = 0; i < columns.length; i++) {
                mean[i] += state[columns[i]];
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= states.length;
        }
        return mean;
    }

    private static double[][] covariance(float[][] states, int[] columns, double[] mean) {
        double[][] sums = new double[columns.length][columns.length];
        double[] centred = new double[columns.length];
        for (float[] state : states) {
            for (int i = 0; i < columns.length; i++) {
                centred[i] = state[columns[i]] - mean[i];
            }
            for (int i = 0; i < columns.length; i++) {
                double[] row = sums[i];
                double value = centred[i];
                for (int j = 0; value != 0 && j < columns.length; j++) {
                    row[j] += value * centred[j];
                }
            }
        }
        return sums;
    }

    private static float[] array(Map<String, float[]> arrays, String name) {
        float[] array = arrays.get(name);
        if (array == null) {
            throw new IllegalStateException("There is no parameter named " + name + ".");
        }
        return array;
    }
}
