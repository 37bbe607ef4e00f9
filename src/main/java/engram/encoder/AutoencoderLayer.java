package engram.encoder;

import java.util.Arrays;
import java.util.List;

/**
 * The linear layers of the multi-resolution autoencoder, in the order of its parameters. The names are those of the
 * PyTorch module it is specified as: d → 512 → 256 → 384 → 128 → 32 and back 32 → 128 → 384 → 256 → 512 → d.
 */
enum AutoencoderLayer {
    ENCODER_FIRST("encoder.0", AutoencoderLayer.FEATURES, 512),
    ENCODER_SECOND("encoder.2", 512, 256),
    TO_FULL("stm_bottleneck", 256, 384),
    TO_COMPRESSED("im_bottleneck", 384, 128),
    TO_ABSTRACT("ltm_bottleneck", 128, 32),
    FROM_ABSTRACT("ltm_to_im", 32, 128),
    FROM_COMPRESSED("im_to_stm", 128, 384),
    DECODER_FIRST("decoder.0", 384, 256),
    DECODER_SECOND("decoder.2", 256, 512),
    DECODER_LAST("decoder.4", 512, AutoencoderLayer.FEATURES);

    /** Stands for the number of features, which differs between spaces. */
    private static final int FEATURES = -1;

    /** The layers that turn features into embeddings; the others rebuild features. */
    static final List<AutoencoderLayer> ENCODING =
            List.of(ENCODER_FIRST, ENCODER_SECOND, TO_FULL, TO_COMPRESSED, TO_ABSTRACT);

    private final String parameter;
    private final int inputs;
    private final int outputs;

    AutoencoderLayer(String parameter, int inputs, int outputs) {
        this.parameter = parameter;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /** The name that {@code .weight} and {@code .bias} are appended to. */
    String parameter() {
        return parameter;
    }

    String weight() {
        return parameter + ".weight";
    }

    String bias() {
        return parameter + ".bias";
    }

    int inputs(int features) {
        return inputs == FEATURES ? features : inputs;
    }

    int outputs(int features) {
        return outputs == FEATURES ? features : outputs;
    }

    /** Whether a ReLU follows. */
    boolean rectified() {
        return this == ENCODER_FIRST || this == ENCODER_SECOND || this == DECODER_FIRST || this == DECODER_SECOND;
    }

    /** How many features an encoder of these weights takes. */
    static int features(Weights weights) {
        Weight first = weights.byName().get(ENCODER_FIRST.weight());
        return first == null || first.shape().size() != 2 ? 0 : first.shape().get(1);
    }

    static boolean knows(String parameterName) {
        return Arrays.stream(values())
                .anyMatch(layer -> parameterName.equals(layer.weight()) || parameterName.equals(layer.bias()));
    }
}
