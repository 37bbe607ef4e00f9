package engram.memory.space;

import engram.encoder.Encoder;
import engram.encoder.Resolution;
import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.transfer.Header;
import engram.memory.transfer.MemoryImport;
import engram.memory.transfer.TransferredMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Brings memories of a file into a space. Vectors made by the very encoder of this space are taken over; otherwise a
 * memory is embedded anew, from its payload or, where that is gone, from what was kept of it exactly.
 */
final class Importing implements MemoryImport.Target {
    private final MemoryStore store;
    private final LiveEncoders encoders;
    private final MemoryFeatures features;
    private final float[] nothing;
    private final Function<LiveEncoders.View, SortedMap<String, String>> fingerprints;
    private final Consumer<Header.TravellingEncoder> adopting;
    private boolean begun;

    /**
     * @param nothing the features of the state that says nothing
     * @param fingerprints of the active encoders, by modality
     * @param adopting takes over the encoder of a file where that can be done
     */
    Importing(
            MemoryStore store,
            LiveEncoders encoders,
            MemoryFeatures features,
            float[] nothing,
            Function<LiveEncoders.View, SortedMap<String, String>> fingerprints,
            Consumer<Header.TravellingEncoder> adopting) {
        this.store = store;
        this.encoders = encoders;
        this.features = features;
        this.nothing = nothing;
        this.fingerprints = fingerprints;
        this.adopting = adopting;
    }

    @Override
    public List<MemoryImport.Outcome> store(Header header, List<TransferredMemory> batch) {
        Header.TravellingEncoder travelling = header.encoder();
        if (!begun && travelling != null && !encoders.use(fingerprints).equals(header.encoders())) {
            adopting.accept(travelling);
        }
        begun = true;
        return encoders.use(view -> store(header, batch, view));
    }

    private List<MemoryImport.Outcome> store(Header header, List<TransferredMemory> batch, LiveEncoders.View view) {
        SortedMap<String, String> own = fingerprints.apply(view);
        List<MemoryImport.Outcome> outcomes = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        for (TransferredMemory transferred : batch) {
            try {
                String modality = transferred.memory().kind().modality().name();
                boolean sameEncoder = own.containsKey(modality)
                        && own.get(modality).equals(header.encoders().get(modality));
                entries.add(new Entry(transferred.memory(), vectors(transferred, sameEncoder, view)));
                outcomes.add(new MemoryImport.Outcome.Stored());
            } catch (InvalidInput e) {
                FieldError first = e.errors().getFirst();
                outcomes.add(new MemoryImport.Outcome.Refused(first));
            }
        }
        Appended appended = store.append(new Append(entries, Optional.empty()));
        int next = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof MemoryImport.Outcome.Stored
                    && appended.outcomes().get(next++) instanceof Appended.Duplicate) {
                outcomes.set(i, new MemoryImport.Outcome.Duplicate());
            }
        }
        return outcomes;
    }

    private Map<EmbeddingVersion, float[]> vectors(
            TransferredMemory transferred, boolean sameEncoder, LiveEncoders.View view) {
        Memory memory = transferred.memory();
        TransferredMemory.Vector travelled = transferred.vector();
        Resolution resolution = memory.tier().resolution();
        Map<EmbeddingVersion, float[]> vectors = new HashMap<>();
        if (memory.kind().modality() == Modality.TEXT) {
            float[] full =
                    view.text().encode(List.of(features.text(memory.payload().tree())))[0];
            vectors.put(view.version(Modality.TEXT), view.text().compress(full, Resolution.FULL, resolution));
            return vectors;
        }
        float[] usable = sameEncoder && travelled != null ? travelled.numbers() : new float[0];
        float[] values = usable.length > 0 && memory.reduced()
                ? features.ofReduced(
                        view.active().reconstruct(new float[][] {usable}, resolution)[0],
                        memory.payload().tree())
                : exact(memory);
        for (Encoder encoder : view.ofStates()) {
            boolean takenOver =
                    usable.length > 0 && encoder.version() == view.active().version();
            vectors.put(
                    new EmbeddingVersion(Modality.STATE, encoder.version()),
                    takenOver
                            ? usable
                            : encoder.compress(encoder.encode(new float[][] {values})[0], Resolution.FULL, resolution));
        }
        return vectors;
    }

    private float[] exact(Memory memory) {
        return memory.reduced()
                ? features.ofReduced(nothing, memory.payload().tree())
                : features.of(memory.kind(), memory.payload().tree()).values();
    }
}
