package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.encoder.Resolution;
import engram.error.NotFound;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import java.util.List;

/** Tells the state of a memory: as it was sent, or rebuilt from its vector and what was kept exactly. Thread-safe. */
final class StateViews {
    private final MemoryStore store;
    private final LiveEncoders encoders;
    private final MemoryFeatures features;

    StateViews(MemoryStore store, LiveEncoders encoders, MemoryFeatures features) {
        this.store = store;
        this.encoders = encoders;
        this.features = features;
    }

    /** @throws NotFound if the memory is a text, or an action without a state */
    StateView of(Memory memory) {
        ObjectNode payload = memory.payload().tree();
        if (memory.kind().modality() == Modality.TEXT) {
            throw new NotFound("state of a text", memory.id());
        }
        if (memory.reduced()) {
            JsonNode state = features.rebuiltState(features.ofReduced(rebuilt(memory), payload), payload);
            return new StateView(memory.id(), memory.tier(), state, true);
        }
        JsonNode state = MemoryFeatures.state(payload);
        if (state == null) {
            throw new NotFound("state of an action", memory.id());
        }
        return new StateView(memory.id(), memory.tier(), state, false);
    }

    private float[] rebuilt(Memory memory) {
        Resolution resolution = memory.tier().resolution();
        return encoders.use(view -> {
            float[] vector = store.vectors(List.of(memory.id()), view.version(Modality.STATE))
                    .get(memory.id());
            if (vector == null) {
                throw new NotFound("memory", memory.id());
            }
            return view.active().reconstruct(new float[][] {vector}, resolution)[0];
        });
    }
}
