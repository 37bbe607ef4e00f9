package engram.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.encoder.NormalizerSettings;

/** What an agent's network sees, as JSON. */
final class NormalizerUseJson {
    private NormalizerUseJson() {}

    static NormalizerUse read(Fields fields, NormalizerUse defaults) {
        NormalizerSettings before = defaults.training();
        NormalizerUse use = fields.checked(
                () -> new NormalizerUse(
                        fields.choice("kind", defaults.kind()),
                        fields.integer("trainAfter", defaults.trainAfter()),
                        fields.number("threshold", defaults.threshold()),
                        fields.flag("stored", defaults.stored()),
                        new NormalizerSettings(
                                fields.integers("layers", before.layers()),
                                fields.number("divergence", before.divergence()),
                                fields.number("learningRate", before.learningRate()),
                                fields.integer("batch", before.batch()),
                                fields.integer("epochs", before.epochs()),
                                fields.number("heldOut", before.heldOut()),
                                fields.integer("seed", (int) before.seed()))),
                defaults);
        fields.end();
        return use;
    }

    static void write(ObjectNode json, NormalizerUse use) {
        NormalizerSettings training = use.training();
        json.put("kind", Fields.jsonName(use.kind()))
                .put("trainAfter", use.trainAfter())
                .put("threshold", use.threshold())
                .put("stored", use.stored())
                .put("divergence", training.divergence())
                .put("learningRate", training.learningRate())
                .put("batch", training.batch())
                .put("epochs", training.epochs())
                .put("heldOut", training.heldOut())
                .put("seed", training.seed());
        training.layers().forEach(json.putArray("layers")::add);
    }
}
