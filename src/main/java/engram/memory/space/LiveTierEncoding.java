package engram.memory.space;

import engram.encoder.EmbeddingSpace;
import engram.memory.EmbeddingVersion;
import engram.memory.JsonObject;
import engram.memory.Memory;
import engram.memory.Modality;
import engram.memory.consolidation.TierEncoding;
import java.util.List;
import java.util.function.Function;

/** Lets consolidation narrow vectors by the live encoders of a space and reduce payloads by its schema. */
final class LiveTierEncoding implements TierEncoding {
    private final LiveEncoders encoders;
    private final MemoryFeatures features;

    LiveTierEncoding(LiveEncoders encoders, MemoryFeatures features) {
        this.encoders = encoders;
        this.features = features;
    }

    @Override
    public <T> T use(Function<Live, T> work) {
        return encoders.use(view -> work.apply(new Versions(view)));
    }

    @Override
    public JsonObject reduced(Memory memory) {
        var payload = memory.payload().tree();
        var reduced = features.reduced(memory.kind(), payload);
        return reduced.equals(payload) ? memory.payload() : JsonObject.of(reduced);
    }

    /** The live encoders under the names of the store. */
    private record Versions(LiveEncoders.View view) implements Live {
        @Override
        public List<EmbeddingVersion> versions(Modality modality) {
            return modality == Modality.TEXT
                    ? List.of(view.version(Modality.TEXT))
                    : view.ofStates().stream()
                            .map(encoder -> new EmbeddingVersion(Modality.STATE, encoder.version()))
                            .toList();
        }

        @Override
        public EmbeddingSpace space(EmbeddingVersion version) {
            if (version.modality() == Modality.TEXT) {
                return view.text();
            }
            return view.ofStates().stream()
                    .filter(encoder -> encoder.version() == version.number())
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("encoder " + version.number() + " is not live"));
        }
    }
}
