package engram.benchmarks.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import engram.encoder.Encoder;
import engram.encoder.RandomProjectionEncoder;
import engram.encoder.Resolution;
import engram.feature.FeatureExtractor;
import engram.feature.FeatureSchema;
import java.io.IOException;

/** Memories of {@link Episodes} with their vectors under encoder version 0 of a new space. Not thread-safe. */
public final class EncodedEpisodes implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Episodes episodes;
    private final FeatureExtractor extractor = new FeatureExtractor(FeatureSchema.defaults());
    private final Encoder encoder;

    /** Takes its memories from {@code episodes}, which are closed with it. */
    public EncodedEpisodes(Episodes episodes) {
        this.episodes = episodes;
        float[] empty = extractor.extract(JsonNodeFactory.instance.objectNode()).values();
        this.encoder = new RandomProjectionEncoder(FeatureSchema.defaults().inputs(), 1, empty);
    }

    /**
     * A memory and its vector.
     *
     * @param memory as a client would send it
     * @param vector 384 numbers
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Encoded(JsonNode memory, float[] vector) {}

    /** The next memory. */
    public Encoded next() throws IOException {
        JsonNode memory = MAPPER.readTree(episodes.next());
        float[] features = extractor.extract(memory.get("state")).values();
        return new Encoded(memory, encoder.encode(new float[][] {features})[0]);
    }

    /** A vector of 384 numbers at another resolution. */
    public float[] compress(float[] vector, Resolution resolution) {
        return encoder.compress(vector, Resolution.FULL, resolution);
    }

    /** What long-term memory keeps of a state. */
    public JsonNode declared(JsonNode state) {
        return extractor.declared(state);
    }

    @Override
    public void close() throws IOException {
        encoder.close();
        episodes.close();
    }
}
