package engram.encoder;

import engram.error.Damaged;
import java.util.Map;
import java.util.Objects;

/**
 * A trained autoencoder at work, in plain Java: no native library is needed to encode. Immutable and thread-safe.
 */
final class AutoencoderInference {
    private final int features;
    private final DenseKernel encoderFirst;
    private final DenseKernel encoderSecond;
    private final DenseKernel toFull;
    private final DenseKernel toCompressed;
    private final DenseKernel toAbstract;
    private final Map<Resolution, DenseKernel> decoderFirst;
    private final DenseKernel decoderSecond;
    private final DenseKernel decoderLast;

    /**
     * @param weights of every layer, under the names of {@link AutoencoderLayer}
     * @throws Damaged if one is missing or has another shape
     */
    AutoencoderInference(Weights weights) {
        features = AutoencoderLayer.features(weights);
        if (features < 1) {
            throw new Damaged("the encoder has no matrix named '" + AutoencoderLayer.ENCODER_FIRST.weight() + "'");
        }
        encoderFirst = layer(weights, AutoencoderLayer.ENCODER_FIRST).kernel();
        encoderSecond = layer(weights, AutoencoderLayer.ENCODER_SECOND).kernel();
        toFull = layer(weights, AutoencoderLayer.TO_FULL).kernel();
        toCompressed = layer(weights, AutoencoderLayer.TO_COMPRESSED).kernel();
        toAbstract = layer(weights, AutoencoderLayer.TO_ABSTRACT).kernel();
        DenseLayer fromFull = layer(weights, AutoencoderLayer.DECODER_FIRST);
        DenseLayer fromCompressed =
                layer(weights, AutoencoderLayer.FROM_COMPRESSED).then(fromFull);
        DenseLayer fromAbstract = layer(weights, AutoencoderLayer.FROM_ABSTRACT).then(fromCompressed);
        decoderFirst = Map.of(
                Resolution.FULL, fromFull.kernel(),
                Resolution.COMPRESSED, fromCompressed.kernel(),
                Resolution.ABSTRACT, fromAbstract.kernel());
        decoderSecond = layer(weights, AutoencoderLayer.DECODER_SECOND).kernel();
        decoderLast = layer(weights, AutoencoderLayer.DECODER_LAST).kernel();
    }

    int features() {
        return features;
    }

    /** As {@link Encoder#encode}. */
    float[][] encode(float[][] rows) {
        for (int row = 0; row < rows.length; row++) {
            VectorChecks.check(rows[row], features, "features", row);
        }
        return toFull.apply(rectify(encoderSecond.apply(rectify(encoderFirst.apply(rows)))));
    }

    /** As {@link Encoder#compress}. */
    float[] compress(float[] vector, Resolution from, Resolution to) {
        VectorChecks.checkCompression(vector, from, to);
        if (from == to) {
            return vector.clone();
        }
        float[][] row = {vector};
        float[][] compressed = from == Resolution.FULL ? toCompressed.apply(row) : row;
        return to == Resolution.COMPRESSED ? compressed[0] : toAbstract.apply(compressed)[0];
    }

    /** As {@link Encoder#reconstruct}. */
    float[][] reconstruct(float[][] vectors, Resolution resolution) {
        for (int row = 0; row < vectors.length; row++) {
            VectorChecks.check(vectors[row], resolution.dimensions(), "vectors", row);
        }
        DenseKernel first = Objects.requireNonNull(decoderFirst.get(resolution));
        return squash(decoderLast.apply(rectify(decoderSecond.apply(rectify(first.apply(vectors))))));
    }

    private DenseLayer layer(Weights weights, AutoencoderLayer layer) {
        return DenseLayer.of(weights, layer, features);
    }

    private static float[][] rectify(float[][] rows) {
        for (float[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = Math.max(0, row[i]);
            }
        }
        return rows;
    }

    private static float[][] squash(float[][] rows) {
        for (float[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) (1 / (1 + Math.exp(-row[i])));
            }
        }
        return rows;
    }
}
