package engram.memory.space;

import engram.encoder.Encoder;
import engram.encoder.Resolution;
import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.memory.EmbeddingVersion;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Tier;
import engram.run.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives every memory a vector of another encoder while recall goes on answering from the active one, and then switches.
 * A memory whose payload is gone is embedded from what its vector and its kept features say of its state.
 */
final class ReEmbedding {
    private static final int BATCH = 256;
    /** More than a replica that does not know the version yet can spoil: it learns of it within a second. */
    private static final int ATTEMPTS = 1_000;

    private final MemoryStore store;
    private final MemoryFeatures features;
    private final float[] nothing;

    /** @param nothing the features of the state that says nothing */
    ReEmbedding(MemoryStore store, MemoryFeatures features, float[] nothing) {
        this.store = store;
        this.features = features;
        this.nothing = nothing;
    }

    /**
     * Fills and activates a version. What another process has filled of it stays. When this fails or is cancelled, the
     * version is taken away and the active one stays.
     *
     * @param next the encoder to change to; owned by the live encoders from now on
     * @param progress stops the work when it is somebody else's turn
     * @param mine whether it is still the turn of this process, so that it may take the version away
     * @return how many memories were embedded anew
     */
    long run(LiveEncoders encoders, Encoder next, Progress progress, BooleanSupplier mine) {
        EmbeddingVersion version = StateVersions.version(next.version());
        Rebuilding rebuilding = (ids, tier) -> encoders.use(view -> readable(view, ids, tier));
        encoders.begin(next, () -> store.beginVersion(version));
        try {
            long done = fill(version, next, rebuilding, progress);
            for (int attempt = 1; !activate(encoders, version, next, rebuilding, attempt); attempt++) {
                done += fill(version, next, rebuilding, progress);
            }
            return done;
        } catch (RuntimeException e) {
            if (mine.getAsBoolean()) {
                encoders.discard(() -> store.discardVersion(version));
            }
            throw e;
        }
    }

    /** False if another replica has written a memory without a vector of this version in the last moment. */
    private boolean activate(
            LiveEncoders encoders, EmbeddingVersion version, Encoder next, Rebuilding rebuilding, int attempt) {
        try {
            encoders.activate(() -> {
                fill(version, next, rebuilding, Progress.unobserved());
                store.activateVersion(version);
            });
            return true;
        } catch (Conflict e) {
            if (attempt == ATTEMPTS) {
                throw e;
            }
            return false;
        }
    }

    /**
     * Makes an earlier encoder the active one of a store whose own was lost. Reduced memories come back by what was kept
     * of them exactly, since nothing can read their vectors any more.
     */
    void runAfterLoss(Encoder earlier) {
        EmbeddingVersion version = StateVersions.version(earlier.version());
        store.beginVersion(version);
        fill(version, earlier, this::unreadable, Progress.unobserved());
        store.activateVersion(version);
    }

    private long fill(EmbeddingVersion version, Encoder next, Rebuilding rebuilding, Progress progress) {
        long total = Math.max(1, store.statistics().total());
        long done = 0;
        List<String> ids = store.withoutVector(version, BATCH);
        while (!ids.isEmpty()) {
            progress.checkCancelled();
            done += fillBatch(version, next, rebuilding, ids);
            progress.report(
                    Math.min(1, (double) done / total),
                    "embedded " + done + " of " + total + " memories",
                    Map.of("memories", (double) done));
            ids = store.withoutVector(version, BATCH);
        }
        return done;
    }

    private int fillBatch(EmbeddingVersion version, Encoder next, Rebuilding rebuilding, List<String> ids) {
        List<Memory> memories = new ArrayList<>(store.get(ids).values());
        float[][] encoded = next.encode(rows(memories, rebuilding));
        Map<String, float[]> vectors = new HashMap<>();
        for (int i = 0; i < encoded.length; i++) {
            Memory memory = memories.get(i);
            vectors.put(
                    memory.id(),
                    next.compress(encoded[i], Resolution.FULL, memory.tier().resolution()));
        }
        store.putVectors(version, vectors);
        return encoded.length;
    }

    private float[][] rows(List<Memory> memories, Rebuilding rebuilding) {
        float[][] rows = new float[memories.size()][];
        Map<Tier, List<Integer>> reduced = new EnumMap<>(Tier.class);
        for (int i = 0; i < rows.length; i++) {
            float[] exact = exact(memories.get(i));
            if (exact != null) {
                rows[i] = exact;
            } else {
                reduced.computeIfAbsent(memories.get(i).tier(), tier -> new ArrayList<>())
                        .add(i);
            }
        }
        reduced.forEach((tier, places) -> {
            float[][] rebuilt = rebuilding.features(
                    places.stream().map(place -> memories.get(place).id()).toList(), tier);
            for (int i = 0; i < rebuilt.length; i++) {
                int place = places.get(i);
                rows[place] = features.ofReduced(
                        rebuilt[i], memories.get(place).payload().tree());
            }
        });
        return rows;
    }

    private float @Nullable [] exact(Memory memory) {
        if (memory.reduced()) {
            return null;
        }
        try {
            return features.of(memory.kind(), memory.payload().tree()).values();
        } catch (InvalidInput e) {
            return null;
        }
    }

    private float[][] readable(LiveEncoders.View view, List<String> ids, Tier tier) {
        Map<String, float[]> old = store.vectors(ids, view.version(Modality.STATE));
        float[][] vectors = new float[ids.size()][];
        for (int i = 0; i < vectors.length; i++) {
            float[] vector = old.get(ids.get(i));
            boolean usable =
                    vector != null && vector.length == tier.resolution().dimensions();
            vectors[i] = usable ? vector : new float[tier.resolution().dimensions()];
        }
        return view.active().reconstruct(vectors, tier.resolution());
    }

    private float[][] unreadable(List<String> ids, Tier tier) {
        float[][] rows = new float[ids.size()][];
        Arrays.setAll(rows, i -> nothing.clone());
        return rows;
    }

    /** Tells the features of reduced memories of one tier, row by row. */
    @FunctionalInterface
    private interface Rebuilding {
        float[][] features(List<String> ids, Tier tier);
    }
}
