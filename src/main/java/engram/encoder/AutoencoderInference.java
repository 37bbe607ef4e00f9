package engram.encoder;

import engram.error.Damaged;
import engram.error.InvalidInput;
import java.util.Map;
import java.util.Objects;

/**
 * A trained autoencoder at work, in plain Java: no native library is needed to encode. Immutable and thread-safe.
 */
final class AutoencoderInference {
    private final int features;
    private final DenseLayer encoderFirst;
    private final DenseLayer encoderSecond;
    private final DenseLayer toFull;
    private final DenseLayer toCompressed;
    private final DenseLayer toAbstract;
    private final Map<Resolution, DenseLayer> decoderFirst;
    private final DenseLayer decoderSecond;
    private final DenseLayer decoderLast;

    /**
     * @param weights of every layer, under the names of {@link AutoencoderLayer}
     * @throws Damaged if one is missing or has another shape
     */
    AutoencoderInference(Weights weights) {
        features = AutoencoderLayer.features(weights);
        if (features < 1) {
            throw new Damaged("the encoder has no matrix named '" + AutoencoderLayer.ENCODER_FIRST.weight() + "'");
        }
        encoderFirst = layer(weights, AutoencoderLayer.ENCODER_FIRST);
        encoderSecond = layer(weights, AutoencoderLayer.ENCODER_SECOND);
        toFull = layer(weights, AutoencoderLayer.TO_FULL);
        toCompressed = layer(weights, AutoencoderLayer.TO_COMPRESSED);
        toAbstract = layer(weights, AutoencoderLayer.TO_ABSTRACT);
        DenseLayer fromFull = layer(weights, AutoencoderLayer.DECODER_FIRST);
        DenseLayer fromCompressed =
                layer(weights, AutoencoderLayer.FROM_COMPRESSED).then(fromFull);
        DenseLayer fromAbstract = layer(weights, AutoencoderLayer.FROM_ABSTRACT).then(fromCompressed);
        decoderFirst = Map.of(
                Resolution.FULL, fromFull,
                Resolution.COMPRESSED, fromCompressed,
                Resolution.ABSTRACT, fromAbstract);
        decoderSecond = layer(weights, AutoencoderLayer.DECODER_SECOND);
        decoderLast = layer(weights, AutoencoderLayer.DECODER_LAST);
    }

    int features() {
        return features;
    }

    /** As {@link Encoder#encode}. */
    float[][] encode(float[][] rows) {
        for (int row = 0; row < rows.length; row++) {
            require(rows[row].length == features, "features[" + row + "]", rows[row].length, features);
        }
        int[] active = scratch();
        float[][] hidden = new float[rows.length][];
        // Layer by layer, so that a matrix stays in the cache for the whole batch.
        for (int row = 0; row < rows.length; row++) {
            hidden[row] = rectify(encoderFirst.apply(rows[row], active));
        }
        for (int row = 0; row < rows.length; row++) {
            hidden[row] = rectify(encoderSecond.apply(hidden[row], active));
        }
        for (int row = 0; row < rows.length; row++) {
            hidden[row] = toFull.apply(hidden[row], active);
        }
        return hidden;
    }

    /** As {@link Encoder#compress}. */
    float[] compress(float[] vector, Resolution from, Resolution to) {
        require(vector.length == from.dimensions(), "vector", vector.length, from.dimensions());
        if (to.dimensions() > from.dimensions()) {
            throw new InvalidInput("resolution", "is " + to + ", which is wider than " + from);
        }
        if (from == to) {
            return vector.clone();
        }
        int[] active = scratch();
        float[] compressed = from == Resolution.FULL ? toCompressed.apply(vector, active) : vector;
        return to == Resolution.COMPRESSED ? compressed : toAbstract.apply(compressed, active);
    }

    /** As {@link Encoder#reconstruct}. */
    float[][] reconstruct(float[][] vectors, Resolution resolution) {
        for (int row = 0; row < vectors.length; row++) {
            require(
                    vectors[row].length == resolution.dimensions(),
                    "vectors[" + row + "]",
                    vectors[row].length,
                    resolution.dimensions());
        }
        int[] active = scratch();
        float[][] hidden = new float[vectors.length][];
        DenseLayer first = Objects.requireNonNull(decoderFirst.get(resolution));
        for (int row = 0; row < vectors.length; row++) {
            hidden[row] = rectify(first.apply(vectors[row], active));
        }
        for (int row = 0; row < vectors.length; row++) {
            hidden[row] = rectify(decoderSecond.apply(hidden[row], active));
        }
        for (int row = 0; row < vectors.length; row++) {
            hidden[row] = squash(decoderLast.apply(hidden[row], active));
        }
        return hidden;
    }

    private DenseLayer layer(Weights weights, AutoencoderLayer layer) {
        return DenseLayer.of(weights, layer, features);
    }

    private int[] scratch() {
        return new int[Math.max(512, features)];
    }

    private static float[] rectify(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, values[i]);
        }
        return values;
    }

    private static float[] squash(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (1 / (1 + Math.exp(-values[i])));
        }
        return values;
    }

    private static void require(boolean holds, String field, int length, int wanted) {
        if (!holds) {
            throw new InvalidInput(field, "has " + length + " numbers, but must have " + wanted);
        }
    }
}
