package engram.memory.space;

import engram.error.InvalidInput;
import engram.feature.FeatureExtractor;
import engram.feature.FeatureSchema;
import engram.feature.Remark;
import engram.memory.Kind;
import java.util.List;

/** Says, without a store, whether a space of some schema will take a memory. Thread-safe. */
public final class Admission {
    private final MemoryFeatures features;

    public Admission(FeatureSchema schema) {
        this.features = new MemoryFeatures(new FeatureExtractor(schema));
    }

    /**
     * What is to be said of a memory that can be embedded.
     *
     * @throws InvalidInput if it cannot; the fields are relative to the memory
     */
    public List<Remark> remarks(NewMemory memory) {
        if (memory.kind() == Kind.TEXT) {
            features.text(memory.payload().tree());
            return List.of();
        }
        return features.of(memory.kind(), memory.payload().tree()).remarks();
    }
}
