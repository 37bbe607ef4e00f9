package engram.memory.redis;

import engram.error.NotFound;
import engram.memory.EmbeddingVersion;
import engram.memory.Filter;
import engram.memory.FilterEvaluation;
import engram.memory.Memory;
import engram.memory.Search;
import engram.memory.Tier;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds nearest memories. The tiers are asked from above, in one go: a memory that moves down meanwhile is found once or
 * twice, never not at all. What comes back is compared with the filter, and more is asked for where the index knew less
 * than the filter.
 */
final class NearestSearch {
    /** How many times more is asked for each time. */
    private static final int WIDER = 4;

    /** RediSearch gives no more. */
    private static final int MOST = 1_000_000;

    private static final int ATTEMPTS = 3;
    private static final String DISTANCE = "distance";

    private final RedisSpace space;
    private final NumberFields numbers;
    private final Indexes indexes;
    private final MemoryReading reading;

    NearestSearch(RedisSpace space, NumberFields numbers, Indexes indexes, MemoryReading reading) {
        this.space = space;
        this.numbers = numbers;
        this.indexes = indexes;
        this.reading = reading;
    }

    /** The hits, nearest first over all tiers. */
    List<Search.Hit> run(Search search) {
        Missing missing = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Integer field = field(search.version());
            if (field == null) {
                return List.of();
            }
            try {
                return find(search, field);
            } catch (Missing e) {
                missing = e;
                // Its version is out of use, or somebody dropped it.
                if (field.equals(space.refreshed().fields().get(search.version()))) {
                    search.queries()
                            .keySet()
                            .forEach(
                                    tier -> indexes.awaitRepair(search.version().modality(), tier, field));
                }
            }
        }
        throw new IllegalStateException(missing);
    }

    /** The field of a version's vectors; null while nothing has been written to it. */
    private @Nullable Integer field(EmbeddingVersion version) {
        About about = space.known();
        Integer field = about.fields().get(version);
        if (field == null || !about.indexed().contains(field)) {
            about = space.refreshed();
            field = about.fields().get(version);
        }
        if (field == null) {
            throw new NotFound("encoder version", Integer.toString(version.number()));
        }
        return about.indexed().contains(field) ? field : null;
    }

    private List<Search.Hit> find(Search search, int field) {
        Map<Tier, Condition> conditions = new EnumMap<>(Tier.class);
        for (Tier tier : Tier.values()) {
            if (search.queries().containsKey(tier)) {
                Condition condition = numbers.compile(search.filter(), tier);
                if (!condition.upper().equals(Condition.NONE)) {
                    conditions.put(tier, condition);
                }
            }
        }
        List<Tier> tiers = List.copyOf(conditions.keySet());
        int first = Math.min(MOST, search.k() + search.excluded().size());
        List<Request> requests = new ArrayList<>();
        conditions.forEach(
                (tier, condition) -> requests.add(request(search, tier, field, condition, first, search.exact())));
        Commands.Chained answers = send(requests, found -> RecallCounts.requests(space.keys(), ids(found)));
        RecallCounts recalls = new RecallCounts();
        recalls.add(ids(answers.first()), answers.second());
        Map<String, Search.Hit> hits = new LinkedHashMap<>();
        for (int i = 0; i < tiers.size(); i++) {
            Tier tier = tiers.get(i);
            Condition condition = condition(conditions, tier);
            widen(
                            search,
                            tier,
                            field,
                            condition,
                            first,
                            Commands.required(answers.first().get(i)))
                    .forEach(hit -> hits.put(hit.memory().id(), hit));
        }
        return hits.values().stream()
                .sorted(Comparator.comparingDouble(Search.Hit::distance))
                .map(hit -> new Search.Hit(counted(hit.memory(), recalls), hit.distance()))
                .toList();
    }

    /** What a wider search has brought is counted one by one: there is little of it. */
    private Memory counted(Memory memory, RecallCounts recalls) {
        return recalls.knows(memory.id())
                ? recalls.in(memory)
                : reading.recalls(List.of(memory.id())).in(memory);
    }

    private List<String> ids(List<@Nullable Response> answers) {
        List<String> ids = new ArrayList<>();
        for (@Nullable Response answer : answers) {
            for (int i = 1; answer != null && i + 1 < answer.size(); i += 2) {
                ids.add(id(answer.get(i)));
            }
        }
        return ids;
    }

    private String id(Response key) {
        return key.toString().substring(space.keys().memories().length());
    }

    private static Condition condition(Map<Tier, Condition> conditions, Tier tier) {
        Condition condition = conditions.get(tier);
        if (condition == null) {
            throw new IllegalStateException("no condition for " + tier);
        }
        return condition;
    }

    private List<Search.Hit> widen(
            Search search, Tier tier, int field, Condition condition, int first, Response answer) {
        List<Search.Hit> found = read(answer);
        List<Search.Hit> kept = select(found, search);
        int asked = first;
        boolean exact = search.exact();
        while (kept.size() < search.k() && asked <= MOST) {
            if (found.size() < asked && exact) {
                return kept;
            }
            if (found.size() < asked) {
                // A graph may lead nowhere; comparing one by one tells whether there is more, and is quick if there is
                // not.
                exact = true;
            } else if (asked == MOST) {
                return kept;
            } else {
                asked = (int) Math.min(MOST, (long) asked * WIDER);
            }
            Request wider = request(search, tier, field, condition, asked, exact);
            found = read(Commands.required(
                    send(List.of(wider), _ -> List.of()).first().getFirst()));
            kept = select(found, search);
        }
        return kept;
    }

    private static List<Search.Hit> select(List<Search.Hit> found, Search search) {
        boolean all = search.filter().equals(Filter.ALL);
        return found.stream()
                .filter(hit -> !search.excluded().contains(hit.memory().id())
                        && (all || FilterEvaluation.matches(search.filter(), hit.memory())))
                .limit(search.k())
                .toList();
    }

    private Commands.Chained send(List<Request> requests, Function<List<@Nullable Response>, List<Request>> following) {
        try {
            return space.send(requests, following);
        } catch (Refused e) {
            if (e.code() == Refused.Code.INDEX) {
                throw new Missing(e);
            }
            throw e;
        }
    }

    private Request request(Search search, Tier tier, int field, Condition condition, int k, boolean exact) {
        float[] query = search.queries().get(tier);
        if (query == null) {
            throw new IllegalStateException("no query for " + tier);
        }
        String where = condition.upper();
        if (exact && where.equals(Condition.ALL)) {
            // Only a query with a condition can be answered without the graph.
            where = FilterCompiler.between(
                    IndexSchema.TIME, Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true);
        }
        int breadth = Math.max(k, space.settings().index().searchBreadth());
        String how = exact ? " HYBRID_POLICY ADHOC_BF" : " EF_RUNTIME " + breadth;
        String text = (where.equals(Condition.ALL) ? where : "(" + where + ")") + "=>[KNN " + k + " @"
                + IndexSchema.vector(field) + " $query" + how + " AS " + DISTANCE + "]";
        Request request = Commands.request("FT.SEARCH", space.keys().index(tier, field), text);
        request.arg("PARAMS")
                .arg(2)
                .arg("query")
                .arg(Blobs.write(query, space.known().vectors()));
        request.arg("SORTBY").arg(DISTANCE);
        request.arg("RETURN").arg(1 + MemoryHash.FIELDS.size()).arg(DISTANCE);
        MemoryHash.FIELDS.forEach(request::arg);
        return request.arg("LIMIT").arg(0).arg(k).arg("DIALECT").arg(2);
    }

    private List<Search.Hit> read(Response answer) {
        List<Search.Hit> hits = new ArrayList<>();
        for (int i = 1; i + 1 < answer.size(); i += 2) {
            Response pairs = answer.get(i + 1);
            Map<String, byte[]> fields = HashMap.newHashMap(MemoryHash.FIELDS.size());
            double squared = 0;
            for (int j = 0; pairs != null && j + 1 < pairs.size(); j += 2) {
                String name = pairs.get(j).toString();
                if (name.equals(DISTANCE)) {
                    squared = Double.parseDouble(pairs.get(j + 1).toString());
                } else {
                    fields.put(name, pairs.get(j + 1).toBytes());
                }
            }
            // One that expired or was deleted between the search and its loading has no fields.
            if (!fields.isEmpty()) {
                Memory memory = MemoryHash.read(id(answer.get(i)), fields, 0, null);
                hits.add(new Search.Hit(memory, Math.sqrt(Math.max(0, squared))));
            }
        }
        return hits;
    }

    /** An index that was asked is not there. */
    private static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Missing(Refused cause) {
            super(cause);
        }
    }
}
