package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import engram.memory.Filter;
import engram.memory.Tier;
import engram.memory.space.Query;
import engram.memory.space.Ranking;
import engram.memory.space.Recall;
import engram.service.ServiceSettings;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a recall of what a client sent and finds what is wrong with it. Used by one thread for one request. */
final class RecallReader {
    private static final int DEFAULT_K = 10;
    private static final Duration LONGEST_HALF_LIFE = Duration.ofDays(36_500);
    private static final List<String> TIERS = List.of("STM", "IM", "LTM");

    private final ServiceSettings.Limits limits;
    private final Filters filters;
    private final String space;
    private final Findings findings = new Findings();

    private RecallReader(String space, ServiceSettings.Limits limits, Filters filters) {
        this.space = space;
        this.limits = limits;
        this.filters = filters;
    }

    /**
     * The recall that a client asks for.
     *
     * @throws InvalidInput naming every offending field
     */
    static Recall read(String space, @Nullable RecallRequest request, ServiceSettings.Limits limits, Filters filters) {
        if (request == null) {
            throw new InvalidInput("", "a recall has a body");
        }
        return new RecallReader(space, limits, filters).recall(request);
    }

    private Recall recall(RecallRequest request) {
        Query query = query(request);
        int k = request.k() == null ? DEFAULT_K : request.k();
        if (k < 1 || k > limits.k()) {
            findings.add("k", "is between 1 and " + limits.k() + " (engram.limits.k), not " + k);
        }
        Set<Tier> tiers = tiers(request.tiers());
        Filter filter = filters.read(space, request.filter(), findings);
        double minScore = request.minScore() == null ? 0 : request.minScore();
        if (!(minScore >= 0 && minScore <= 1)) {
            findings.add("minScore", "is between 0 and 1, not " + minScore);
        }
        Ranking ranking = ranking(request.rank());
        Set<String> excluded = excluded(request.exclude());
        if (request.include() != null
                && !request.include().equals("memory")
                && !request.include().equals("ids")) {
            findings.add("include", "must be 'memory' or 'ids'");
        }
        findings.throwIfAny();
        return new Recall(
                query, k, tiers, filter, minScore, ranking, excluded, request.exact() != null && request.exact());
    }

    private Query query(RecallRequest request) {
        List<Query> queries = new ArrayList<>(1);
        List<String> fields = new ArrayList<>(1);
        JsonNode state = request.state();
        if (state != null && !state.isNull()) {
            findings.requireFinite(state, "state");
            queries.add(new Query.OfState(state));
            fields.add("state");
        }
        JsonNode action = request.action();
        if (action != null && !action.isNull()) {
            findings.requireFinite(action, "action");
            queries.add(new Query.OfAction(action));
            fields.add("action");
        }
        float[] vector = request.vector();
        if (vector != null) {
            requireFinite(vector);
            queries.add(new Query.OfVector(vector));
            fields.add("vector");
        }
        if (request.text() != null) {
            queries.add(new Query.OfText(request.text()));
            fields.add("text");
        }
        if (request.like() != null) {
            queries.add(new Query.LikeMemory(request.like()));
            fields.add("like");
        }
        if (queries.size() == 1) {
            return queries.getFirst();
        }
        if (queries.isEmpty()) {
            findings.add("", "a recall has one of state, action, vector, text and like");
        }
        fields.forEach(
                field -> findings.add(field, "a recall has one of state, action, vector, text and like, not several"));
        return new Query.OfText("");
    }

    private void requireFinite(float[] vector) {
        for (int i = 0; i < vector.length; i++) {
            if (!Float.isFinite(vector[i])) {
                findings.add("vector[" + i + "]", "is not a number that 32 bits can hold");
            }
        }
    }

    private Set<Tier> tiers(@Nullable List<@Nullable String> names) {
        Set<Tier> tiers = EnumSet.noneOf(Tier.class);
        if (names == null) {
            return tiers;
        }
        if (names.isEmpty()) {
            findings.add("tiers", "names at least one tier where it is given");
        }
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i) == null ? "null" : names.get(i);
            String upper = name.toUpperCase(Locale.ROOT);
            if (TIERS.contains(upper)) {
                tiers.add(Tier.valueOf(upper));
            } else {
                findings.add(
                        "tiers[" + i + "]",
                        "'" + Names.shortened(name) + "' is unknown" + Suggestion.forName(name, TIERS));
            }
        }
        return tiers;
    }

    private Ranking ranking(RecallRequest.@Nullable Rank rank) {
        if (rank == null) {
            return Ranking.BY_SIMILARITY;
        }
        Duration halfLife = Ranking.BY_SIMILARITY.halfLife();
        if (rank.halfLife() != null) {
            try {
                halfLife = Duration.parse(rank.halfLife());
            } catch (DateTimeException e) {
                findings.add("rank.halfLife", "must be an ISO 8601 duration, such as PT24H");
                return Ranking.BY_SIMILARITY;
            }
            if (halfLife.compareTo(LONGEST_HALF_LIFE) > 0) {
                findings.add("rank.halfLife", "is at most " + LONGEST_HALF_LIFE);
                return Ranking.BY_SIMILARITY;
            }
        }
        try {
            return new Ranking(
                    or0(rank.similarity()), or0(rank.recency()), or0(rank.importance()), or0(rank.novelty()), halfLife);
        } catch (InvalidInput e) {
            findings.add(e.under("rank"));
            return Ranking.BY_SIMILARITY;
        }
    }

    private static double or0(@Nullable Double weight) {
        return weight == null ? 0 : weight;
    }

    private Set<String> excluded(@Nullable List<@Nullable String> ids) {
        if (ids == null) {
            return Set.of();
        }
        if (ids.size() > limits.exclusions()) {
            findings.add(
                    "exclude",
                    "holds at most " + limits.exclusions() + " ids (engram.limits.exclusions), not " + ids.size());
            return Set.of();
        }
        Set<String> excluded = new java.util.HashSet<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            if (id == null) {
                findings.add("exclude[" + i + "]", "must be an id");
            } else {
                excluded.add(id);
            }
        }
        return excluded;
    }
}
