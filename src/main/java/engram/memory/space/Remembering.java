package engram.memory.space;

import engram.encoder.Encoder;
import engram.error.InvalidInput;
import engram.feature.Features;
import engram.feature.Remark;
import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.IdempotencyKey;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.SurpriseScale;
import engram.memory.Tier;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Embeds new memories by every live encoder and writes them to the store. Thread-safe. */
final class Remembering {
    private final MemoryStore store;
    private final LiveEncoders encoders;
    private final MemoryFeatures features;
    private final SurpriseScale surprise = new SurpriseScale(SurpriseScale.DEFAULT_SIZE);
    private final InstantSource clock;
    private final Supplier<String> ids;

    Remembering(
            MemoryStore store,
            LiveEncoders encoders,
            MemoryFeatures features,
            InstantSource clock,
            Supplier<String> ids) {
        this.store = store;
        this.encoders = encoders;
        this.features = features;
        this.clock = clock;
        this.ids = ids;
    }

    Remembered remember(List<NewMemory> memories, Optional<IdempotencyKey> key) {
        List<Prepared> prepared = memories.stream().map(this::prepare).toList();
        return encoders.use(view -> write(prepared, view, key));
    }

    private Remembered write(List<Prepared> prepared, LiveEncoders.View view, Optional<IdempotencyKey> key) {
        List<Prepared> good = prepared.stream().filter(Prepared::accepted).toList();
        List<Entry> entries = entries(good, view);
        Appended appended = store.append(new Append(entries, key));
        List<Remembered.Outcome> outcomes = new ArrayList<>(prepared.size());
        int next = 0;
        for (Prepared one : prepared) {
            if (one.problem() != null) {
                outcomes.add(new Remembered.Rejected(one.problem()));
            } else {
                outcomes.add(outcome(appended.outcomes().get(next++), one.remarks()));
            }
        }
        return new Remembered(outcomes, appended.replayed());
    }

    private static Remembered.Outcome outcome(Appended.Outcome outcome, List<Remark> remarks) {
        return switch (outcome) {
            case Appended.Stored stored ->
                new Remembered.Stored(stored.id(), stored.tier(), stored.revision(), remarks);
            case Appended.Duplicate duplicate -> new Remembered.Duplicate(duplicate.id());
        };
    }

    private List<Entry> entries(List<Prepared> good, LiveEncoders.View view) {
        List<Map<EmbeddingVersion, float[]>> vectors = new ArrayList<>(good.size());
        double[] surprises = new double[good.size()];
        good.forEach(ignored -> vectors.add(new HashMap<>(2)));
        embedStates(good, view, vectors, surprises);
        embedTexts(good, view, vectors);
        List<Entry> entries = new ArrayList<>(good.size());
        for (int i = 0; i < good.size(); i++) {
            entries.add(new Entry(memory(good.get(i).source(), surprises[i]), vectors.get(i)));
        }
        return entries;
    }

    private void embedStates(
            List<Prepared> good,
            LiveEncoders.View view,
            List<Map<EmbeddingVersion, float[]>> vectors,
            double[] surprises) {
        int[] places = places(good, Modality.STATE);
        if (places.length == 0) {
            return;
        }
        float[][] rows = new float[places.length][];
        for (int i = 0; i < places.length; i++) {
            rows[i] = good.get(places[i]).requiredFeatures().values();
        }
        for (Encoder encoder : view.ofStates()) {
            float[][] encoded = encoder.encode(rows);
            EmbeddingVersion version = new EmbeddingVersion(Modality.STATE, encoder.version());
            for (int i = 0; i < places.length; i++) {
                vectors.get(places[i]).put(version, encoded[i]);
            }
            if (encoder.version() == view.active().version()) {
                float[][] rebuilt = encoder.reconstructRoughly(encoded);
                for (int i = 0; i < places.length; i++) {
                    surprises[places[i]] =
                            surprise.place(error(good.get(places[i]).requiredFeatures(), rebuilt[i]));
                }
            }
        }
    }

    private static void embedTexts(
            List<Prepared> good, LiveEncoders.View view, List<Map<EmbeddingVersion, float[]>> vectors) {
        int[] places = places(good, Modality.TEXT);
        if (places.length == 0) {
            return;
        }
        List<String> texts = new ArrayList<>(places.length);
        for (int place : places) {
            texts.add(good.get(place).text());
        }
        float[][] encoded = view.text().encode(texts);
        for (int i = 0; i < places.length; i++) {
            vectors.get(places[i]).put(view.version(Modality.TEXT), encoded[i]);
        }
    }

    private static int[] places(List<Prepared> good, Modality modality) {
        return IntStream.range(0, good.size())
                .filter(i -> good.get(i).source().kind().modality() == modality)
                .toArray();
    }

    /** Mean squared error over the slots the state has, as in the loss of the encoder. */
    private static double error(Features features, float[] rebuilt) {
        double sum = 0;
        int present = 0;
        for (int slot = 0; slot < rebuilt.length; slot++) {
            if (features.present()[slot]) {
                double difference = features.values()[slot] - rebuilt[slot];
                sum += difference * difference;
                present++;
            }
        }
        return present == 0 ? 0 : sum / present;
    }

    private Memory memory(NewMemory source, double surprise) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String id = source.id();
        Instant time = source.time();
        return new Memory(
                id == null ? ids.get() : id,
                source.agent(),
                source.kind(),
                source.step(),
                time == null ? now : time.truncatedTo(ChronoUnit.MILLIS),
                Tier.STM,
                source.payload(),
                false,
                source.tags(),
                source.reward(),
                source.pinned(),
                source.importance(),
                surprise,
                0,
                null,
                1,
                List.of(),
                now,
                1,
                0);
    }

    private Prepared prepare(NewMemory memory) {
        try {
            if (memory.kind() == Kind.TEXT) {
                return new Prepared(memory, null, features.text(memory.payload().tree()), null);
            }
            return new Prepared(
                    memory, features.of(memory.kind(), memory.payload().tree()), "", null);
        } catch (InvalidInput e) {
            return new Prepared(memory, null, "", e);
        }
    }

    /** A new memory on its way: its features or its text, or what is wrong with it. */
    private record Prepared(
            NewMemory source,
            @Nullable Features features,
            String text,
            @Nullable InvalidInput problem) {
        boolean accepted() {
            return problem == null;
        }

        List<Remark> remarks() {
            return features == null ? List.of() : features.remarks();
        }

        Features requiredFeatures() {
            if (features == null) {
                throw new IllegalStateException("a text has no features");
            }
            return features;
        }
    }
}
