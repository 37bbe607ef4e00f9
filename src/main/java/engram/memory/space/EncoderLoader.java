package engram.memory.space;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import engram.encoder.AutoencoderEncoder;
import engram.encoder.Encoder;
import engram.encoder.RandomProjectionEncoder;
import engram.encoder.StoredEncoder;
import engram.error.Damaged;
import engram.error.NotFound;
import engram.feature.FeatureExtractor;
import engram.feature.FeatureSchema;
import java.util.Arrays;

/** Makes the encoders of a space: version 0 from its schema, the others from what was trained. Thread-safe. */
final class EncoderLoader {
    /** Seed of every space's random projection; part of the format of stored vectors. */
    private static final long PROJECTION_SEED = 0x656e6772616dL;

    private final EncoderLibrary library;
    private final FeatureSchema schema;

    EncoderLoader(EncoderLibrary library, FeatureSchema schema) {
        this.library = library;
        this.schema = schema;
    }

    /**
     * An encoder, for the caller to close.
     *
     * @throws NotFound if there is no such version
     * @throws Damaged if it cannot be used
     */
    Encoder load(int version) {
        if (version == 0) {
            return new RandomProjectionEncoder(schema.inputs(), PROJECTION_SEED, nothing());
        }
        StoredEncoder stored = library.load(version);
        return new AutoencoderEncoder(version, stored.weights(), stored.scale());
    }

    /** What tells a version from every other one: equal fingerprints mean equal vectors. */
    String fingerprint(int version) {
        return version == 0
                ? "random-projection " + PROJECTION_SEED + " of "
                        + schema.toJson().toString()
                : library.fingerprint(version);
    }

    /** The features of the state that says nothing; of an observation, the middle of every range. */
    float[] nothing() {
        FeatureSchema.Observation observation = schema.observation();
        if (observation == null) {
            return new FeatureExtractor(schema)
                    .extract(JsonNodeFactory.instance.objectNode())
                    .values();
        }
        float[] middle = new float[schema.inputs()];
        Arrays.fill(middle, 0, observation.low().size(), 0.5f);
        return middle;
    }
}
