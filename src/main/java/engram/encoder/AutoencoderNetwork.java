package engram.encoder;

import engram.tensor.Adam;
import engram.tensor.AdamSettings;
import engram.tensor.Gradient;
import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import engram.tensor.TensorEngine;
import java.util.ArrayList;
import java.util.List;

/**
 * The multi-resolution autoencoder on PyTorch, as it is trained. Encoder and decoder have parameters of their own, so
 * that an encoder with nothing left to learn can be kept. Used by one platform thread at a time.
 */
final class AutoencoderNetwork implements AutoCloseable {
    private static final double FULL_SHARE = 0.5;
    private static final double COMPRESSED_SHARE = 0.3;
    private static final double ABSTRACT_SHARE = 0.2;
    private static final double SOFTENING = 0.05;
    private static final double WIDE_SHARE = 10;

    private final Parameters encoder;
    private final Parameters decoder;
    private final Adam encoderAdam;
    private final Adam decoderAdam;
    private final double neighbourhood;
    private final boolean keepEncoder;

    /**
     * @param neighbourhood the weight of the distance term
     * @param keepEncoder whether only the decoder learns
     */
    AutoencoderNetwork(
            TensorEngine engine,
            ParameterValues values,
            double learningRate,
            double neighbourhood,
            boolean keepEncoder) {
        this.encoder = new Parameters(engine, part(values, true));
        this.decoder = new Parameters(engine, part(values, false));
        this.encoderAdam = new Adam(encoder, AdamSettings.of(learningRate));
        this.decoderAdam = new Adam(decoder, AdamSettings.of(learningRate));
        this.neighbourhood = neighbourhood;
        this.keepEncoder = keepEncoder;
    }

    /**
     * Takes one step of training.
     *
     * @param states a batch, rows of features
     * @param present 1 for each slot that counts, 0 for the others
     * @return the loss before the step
     */
    double step(Scope scope, Tensor states, Tensor present, double learningRate) {
        Tensor loss = gradients(scope, states, present);
        if (!keepEncoder) {
            encoderAdam.step(learningRate);
        }
        decoderAdam.step(learningRate);
        return loss.item();
    }

    /** Adds the gradients of the loss of a batch to the parameters and returns the loss. */
    Tensor gradients(Scope scope, Tensor states, Tensor present) {
        return Gradient.of(() -> {
            List<Tensor> vectors = encode(scope, states);
            Tensor loss = reconstruction(scope, vectors, states, present);
            return neighbourhood > 0 && !keepEncoder
                    ? loss.plus(stress(states, vectors).times(neighbourhood))
                    : loss;
        });
    }

    /** What the network loses on a batch, without learning from it. */
    TrainedAutoencoder.Losses losses(Scope scope, Tensor states, Tensor present) {
        List<Tensor> vectors = encode(scope, states);
        List<Tensor> rebuilt = decode(scope, vectors);
        double full = rebuilt.get(0).maskedMeanSquaredError(states, present).item();
        double compressed =
                rebuilt.get(1).maskedMeanSquaredError(states, present).item();
        double abstracted =
                rebuilt.get(2).maskedMeanSquaredError(states, present).item();
        double stress = stress(states, vectors).item();
        return new TrainedAutoencoder.Losses(
                full,
                compressed,
                abstracted,
                stress,
                FULL_SHARE * full
                        + COMPRESSED_SHARE * compressed
                        + ABSTRACT_SHARE * abstracted
                        + neighbourhood * stress);
    }

    /** A copy of all parameters, in the order of {@link AutoencoderLayer}. */
    ParameterValues values() {
        return join(encoder.values(), decoder.values());
    }

    /** A copy of the gradients that have gathered. */
    ParameterValues gradients() {
        return join(encoder.gradients(), decoder.gradients());
    }

    @Override
    public void close() {
        encoder.close();
        decoder.close();
    }

    /** The vectors of all three resolutions, widest first. */
    List<Tensor> encode(Scope scope, Tensor states) {
        Tensor hidden = linear(scope, encoder, AutoencoderLayer.ENCODER_FIRST, states);
        hidden = linear(scope, encoder, AutoencoderLayer.ENCODER_SECOND, hidden);
        Tensor full = linear(scope, encoder, AutoencoderLayer.TO_FULL, hidden);
        full = keepEncoder ? full.detach() : full;
        Tensor compressed = linear(scope, encoder, AutoencoderLayer.TO_COMPRESSED, full);
        compressed = keepEncoder ? compressed.detach() : compressed;
        Tensor abstracted = linear(scope, encoder, AutoencoderLayer.TO_ABSTRACT, compressed);
        abstracted = keepEncoder ? abstracted.detach() : abstracted;
        return List.of(full, compressed, abstracted);
    }

    /** The features rebuilt from each resolution, widest first. */
    List<Tensor> decode(Scope scope, List<Tensor> vectors) {
        int rows = vectors.get(0).shape()[0];
        Tensor rebuilt = decodeStacked(scope, vectors);
        return List.of(rebuilt.rows(0, rows), rebuilt.rows(rows, 2 * rows), rebuilt.rows(2 * rows, 3 * rows));
    }

    /** All three resolutions pass through the decoder as one batch: fewer and larger products. */
    private Tensor decodeStacked(Scope scope, List<Tensor> vectors) {
        Tensor fromCompressed = linear(scope, decoder, AutoencoderLayer.FROM_COMPRESSED, vectors.get(1));
        Tensor fromAbstract = linear(
                scope,
                decoder,
                AutoencoderLayer.FROM_COMPRESSED,
                linear(scope, decoder, AutoencoderLayer.FROM_ABSTRACT, vectors.get(2)));
        Tensor hidden = Tensor.stackRows(vectors.get(0), fromCompressed, fromAbstract);
        hidden = linear(scope, decoder, AutoencoderLayer.DECODER_FIRST, hidden);
        hidden = linear(scope, decoder, AutoencoderLayer.DECODER_SECOND, hidden);
        return linear(scope, decoder, AutoencoderLayer.DECODER_LAST, hidden).sigmoid();
    }

    private Tensor reconstruction(Scope scope, List<Tensor> vectors, Tensor states, Tensor present) {
        Tensor share = present.dividedBy(present.sum());
        Tensor shares =
                Tensor.stackRows(share.times(FULL_SHARE), share.times(COMPRESSED_SHARE), share.times(ABSTRACT_SHARE));
        return decodeStacked(scope, vectors)
                .minus(Tensor.stackRows(states, states, states))
                .square()
                .times(shares)
                .sum();
    }

    /**
     * How far the distances of the vectors are from those of the features: the mean over all pairs of the batch of the
     * squared relative error, summed over the resolutions. Relative, so that near neighbours count as much as far ones;
     * softened by a share of the mean distance, so that the nearest do not count alone. The wide resolutions have room to
     * keep every distance and count more, or the narrow one, which has not, would drag them along.
     */
    private static Tensor stress(Tensor states, List<Tensor> vectors) {
        Tensor wanted = distances(states);
        Tensor scale = wanted.plus(wanted.mean().times(SOFTENING));
        Tensor wide = relativeError(vectors.get(0), wanted, scale).plus(relativeError(vectors.get(1), wanted, scale));
        return wide.times(WIDE_SHARE).plus(relativeError(vectors.get(2), wanted, scale));
    }

    private static Tensor relativeError(Tensor vectors, Tensor wanted, Tensor scale) {
        return distances(vectors).minus(wanted).dividedBy(scale).square().mean();
    }

    /**
     * The Euclidean distance of every pair of rows. Never below 10⁻⁴: there the root has no useful gradient. The diagonal
     * is therefore 10⁻⁴ for vectors and features alike and adds nothing to the stress.
     */
    private static Tensor distances(Tensor rows) {
        Tensor squares = rows.square().sum(1);
        Tensor products = rows.matmul(rows.transpose()).times(2);
        return squares.plus(squares.transpose()).minus(products).atLeast(1e-8).squareRoot();
    }

    private static Tensor linear(Scope scope, Parameters parameters, AutoencoderLayer layer, Tensor input) {
        Tensor output = input.linear(parameters.tensor(scope, layer.weight()), parameters.tensor(scope, layer.bias()));
        return layer.rectified() ? output.relu() : output;
    }

    private static ParameterValues part(ParameterValues values, boolean encoding) {
        List<ParameterValues.Entry> entries = new ArrayList<>();
        for (AutoencoderLayer layer : AutoencoderLayer.values()) {
            if (AutoencoderLayer.ENCODING.contains(layer) == encoding) {
                entries.add(values.entry(layer.weight()));
                entries.add(values.entry(layer.bias()));
            }
        }
        return new ParameterValues(entries);
    }

    private static ParameterValues join(ParameterValues first, ParameterValues second) {
        List<ParameterValues.Entry> entries = new ArrayList<>(first.entries());
        entries.addAll(second.entries());
        return new ParameterValues(entries);
    }
}
