package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.Suggestion;
import engram.memory.Filter;
import engram.memory.space.Query;
import engram.replay.SharedReplaySettings.Strategy;
import engram.replay.SpaceSample;
import engram.service.ServiceSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Makes a sample of what a client sent and finds what is wrong with it. Used by one thread for one request. */
final class SampleReader {
    private static final int DEFAULT_SIZE = 64;
    private static final List<String> STRATEGIES = Arrays.stream(Strategy.values())
            .map(strategy -> strategy.name().toLowerCase(Locale.ROOT))
            .toList();

    private final Findings findings = new Findings();

    private SampleReader() {}

    /**
     * The sample that a client asks for.
     *
     * @throws engram.error.InvalidInput naming every offending field
     */
    static SpaceSample read(
            String space, @Nullable SampleRequest body, ServiceSettings.Limits limits, Filters filters) {
        SampleRequest request = body == null ? new SampleRequest(null, null, null, null, null, null, null, null) : body;
        return new SampleReader().sample(space, request, limits, filters);
    }

    private SpaceSample sample(String space, SampleRequest request, ServiceSettings.Limits limits, Filters filters) {
        Strategy strategy = strategy(request.strategy());
        boolean similar = strategy == Strategy.SIMILAR;
        int most = similar ? limits.k() : limits.batchSize();
        String limit = similar ? "engram.limits.k" : "engram.limits.batch-size";
        int size = request.size() == null ? Math.min(DEFAULT_SIZE, most) : request.size();
        if (size < 1 || size > most) {
            findings.add("size", "is between 1 and " + most + " (" + limit + "), not " + size);
        }
        Query like = like(request.like(), similar);
        double minScore = unit("minScore", request.minScore(), 0);
        if (request.minScore() != null && !similar) {
            findings.add("minScore", "belongs to the strategy similar");
        }
        Filter filter = filters.read(space, request.filter(), findings);
        double alpha = unit("alpha", request.alpha(), 0.6);
        double beta = unit("beta", request.beta(), 0.4);
        findings.throwIfAny();
        OptionalLong seed = request.seed() == null ? OptionalLong.empty() : OptionalLong.of(request.seed());
        return new SpaceSample(size, strategy, filter, like, minScore, alpha, beta, seed);
    }

    private Strategy strategy(@Nullable String name) {
        if (name == null) {
            return Strategy.UNIFORM;
        }
        if (!STRATEGIES.contains(name)) {
            findings.add(
                    "strategy", "'" + Names.shortened(name) + "' is unknown" + Suggestion.forName(name, STRATEGIES));
            return Strategy.UNIFORM;
        }
        return Strategy.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private @Nullable Query like(@Nullable JsonNode like, boolean similar) {
        if (like == null || like.isNull()) {
            if (similar) {
                findings.add("like", "says what the experiences are to be similar to and must be there");
            }
            return null;
        }
        if (!similar) {
            findings.add("like", "belongs to the strategy similar");
            return null;
        }
        findings.requireFinite(like, "like");
        return like.isTextual() ? new Query.LikeMemory(like.textValue()) : new Query.OfState(like);
    }

    private double unit(String field, @Nullable Double value, double otherwise) {
        if (value != null && !(value >= 0 && value <= 1)) {
            findings.add(field, "is between 0 and 1, not " + value);
        }
        return value == null ? otherwise : value;
    }
}
