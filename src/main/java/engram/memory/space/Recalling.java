package engram.memory.space;

import engram.encoder.EmbeddingSpace;
import engram.encoder.Encoder;
import engram.encoder.Resolution;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.feature.Features;
import engram.feature.Remark;
import engram.memory.EmbeddingVersion;
import engram.memory.Importance;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Search;
import engram.memory.Tier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers recalls: embeds the query, searches the tiers it can reach, makes scores of distances and ranks. Thread-safe. */
final class Recalling {
    /** Rankings other than by similarity choose among this many times k of the most similar memories. */
    private static final int CANDIDATES_PER_MATCH = 4;

    private static final int LEAST_CANDIDATES = 100;

    private final MemoryStore store;
    private final LiveEncoders encoders;
    private final MemoryFeatures features;
    private final InstantSource clock;

    Recalling(MemoryStore store, LiveEncoders encoders, MemoryFeatures features, InstantSource clock) {
        this.store = store;
        this.encoders = encoders;
        this.features = features;
        this.clock = clock;
    }

    Recalled recall(Recall recall) {
        return encoders.use(view -> answer(recall, view));
    }

    private Recalled answer(Recall recall, LiveEncoders.View view) {
        Prepared prepared = prepare(recall.query(), view);
        Map<Tier, float[]> queries = queries(prepared, recall.tiers(), view);
        EmbeddingVersion version = view.version(prepared.modality());
        Set<String> excluded = new HashSet<>(recall.excluded());
        if (recall.query() instanceof Query.LikeMemory like) {
            excluded.add(like.id());
        }
        int candidates = recall.ranking().bySimilarityAlone()
                ? recall.k()
                : Math.max(LEAST_CANDIDATES, CANDIDATES_PER_MATCH * recall.k());
        List<Search.Hit> hits =
                store.search(new Search(version, queries, candidates, recall.filter(), excluded, recall.exact()));
        EmbeddingSpace space = view.space(prepared.modality());
        Instant now = clock.instant();
        List<Recalled.Match> matches = hits.stream()
                .map(hit -> match(hit, space, recall.ranking(), now))
                .filter(match -> match.similarity() >= recall.minScore())
                .sorted(Comparator.comparingDouble(Recalled.Match::rank)
                        .reversed()
                        .thenComparing(match -> match.memory().id()))
                .limit(recall.k())
                .toList();
        return new Recalled(matches, version, recall.exact(), prepared.remarks());
    }

    private static Recalled.Match match(Search.Hit hit, EmbeddingSpace space, Ranking ranking, Instant now) {
        Memory memory = hit.memory();
        double similarity = space.score(memory.tier().resolution(), hit.distance());
        if (ranking.bySimilarityAlone()) {
            return new Recalled.Match(memory, similarity, similarity);
        }
        double age = Math.max(0, Duration.between(memory.time(), now).toMillis());
        double recency = Math.pow(2, -age / ranking.halfLife().toMillis());
        double novelty = 1.0 / (1 + memory.recalls());
        double weighted = ranking.similarity() * similarity
                + ranking.recency() * recency
                + ranking.importance() * Importance.of(memory, now)
                + ranking.novelty() * novelty;
        double weights = ranking.similarity() + ranking.recency() + ranking.importance() + ranking.novelty();
        return new Recalled.Match(memory, similarity, weighted / weights);
    }

    private static Map<Tier, float[]> queries(Prepared prepared, Set<Tier> wanted, LiveEncoders.View view) {
        Map<Tier, float[]> queries = new EnumMap<>(Tier.class);
        Set<Tier> reachable = EnumSet.noneOf(Tier.class);
        for (Tier tier : Tier.values()) {
            if (tier.resolution().compareTo(prepared.resolution()) >= 0) {
                reachable.add(tier);
            }
        }
        for (Tier tier : wanted) {
            if (!reachable.contains(tier)) {
                throw new InvalidInput(
                        "tiers",
                        tier + " holds vectors of " + tier.resolution().dimensions() + " numbers, which a vector of "
                                + prepared.vector().length + " cannot be compared with");
            }
        }
        EmbeddingSpace space = view.space(prepared.modality());
        for (Tier tier : wanted.isEmpty() ? reachable : wanted) {
            float[] own = prepared.stored().get(tier.resolution());
            queries.put(
                    tier,
                    own != null ? own : space.compress(prepared.vector(), prepared.resolution(), tier.resolution()));
        }
        return queries;
    }

    private Prepared prepare(Query query, LiveEncoders.View view) {
        return switch (query) {
            case Query.OfState(var state) -> encoded(features.ofState(state), view.active());
            case Query.OfAction(var action) -> encoded(features.ofAction(action), view.active());
            case Query.OfText(String text) -> {
                if (text.isBlank()) {
                    throw new InvalidInput("text", "must be a text that is not blank");
                }
                float[] vector = view.text().encode(List.of(text))[0];
                yield new Prepared(Modality.TEXT, Resolution.FULL, vector, Map.of(), List.of());
            }
            case Query.OfVector(float[] vector) ->
                new Prepared(Modality.STATE, resolution(vector), vector, Map.of(), List.of());
            case Query.LikeMemory(String id) -> like(id, view);
        };
    }

    private static Prepared encoded(Features features, Encoder encoder) {
        float[] vector = encoder.encode(new float[][] {features.values()})[0];
        return new Prepared(Modality.STATE, Resolution.FULL, vector, Map.of(), features.remarks());
    }

    /** A memory as a query: in its own tier and below by its own vector, above by its state, kept or rebuilt. */
    private Prepared like(String id, LiveEncoders.View view) {
        Memory memory = store.get(List.of(id)).get(id);
        if (memory == null) {
            throw new NotFound("memory", id);
        }
        Modality modality = memory.kind().modality();
        float[] own = store.vectors(List.of(id), view.version(modality)).get(id);
        if (own == null) {
            throw new NotFound("memory", id);
        }
        Resolution resolution = memory.tier().resolution();
        Map<Resolution, float[]> stored = new EnumMap<>(Resolution.class);
        for (Resolution narrower : Resolution.values()) {
            if (narrower.compareTo(resolution) >= 0) {
                stored.put(narrower, view.space(modality).compress(own, resolution, narrower));
            }
        }
        return new Prepared(modality, Resolution.FULL, full(memory, own, view), stored, List.of());
    }

    private float[] full(Memory memory, float[] own, LiveEncoders.View view) {
        if (memory.tier() == Tier.STM) {
            return own;
        }
        var payload = memory.payload().tree();
        if (memory.kind().modality() == Modality.TEXT) {
            return view.text().encode(List.of(features.text(payload)))[0];
        }
        float[] values = memory.reduced()
                ? features.ofReduced(
                        view.active()
                                .reconstruct(new float[][] {own}, memory.tier().resolution())[0],
                        payload)
                : features.of(memory.kind(), payload).values();
        return view.active().encode(new float[][] {values})[0];
    }

    private static Resolution resolution(float[] vector) {
        List<Integer> widths = new ArrayList<>();
        for (Resolution resolution : Resolution.values()) {
            if (resolution.dimensions() == vector.length) {
                return resolution;
            }
            widths.add(resolution.dimensions());
        }
        throw new InvalidInput("vector", "has " + vector.length + " numbers; it must have one of " + widths);
    }

    /**
     * A query made ready.
     *
     * @param vector the widest vector there is of it
     * @param stored vectors to use instead of compressing, by resolution
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Prepared(
            Modality modality,
            Resolution resolution,
            float[] vector,
            Map<Resolution, float[]> stored,
            List<Remark> remarks) {}
}
