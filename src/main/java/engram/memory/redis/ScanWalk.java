package engram.memory.redis;

import com.fasterxml.jackson.databind.JsonNode;
import engram.memory.Filter;
import engram.memory.FilterEvaluation;
import engram.memory.Memory;
import engram.memory.Scan;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page of memories in the order of time and id: a walk along a sorted set, that of one agent where the filter asks for
 * one, within the times that the filter allows. Redis orders ids of the same time by their bytes.
 */
final class ScanWalk {
    private static final int LEAST_AT_ONCE = 100;
    private static final int MOST_AT_ONCE = 1_000;

    private final RedisSpace space;
    private final MemoryReading reading;
    private final Scan scan;
    private final String key;
    private final double earliest;
    private final double latest;

    ScanWalk(RedisSpace space, MemoryReading reading, Scan scan) {
        this.space = space;
        this.reading = reading;
        this.scan = scan;
        String order = space.keys().order();
        double from = Double.NEGATIVE_INFINITY;
        double to = Double.POSITIVE_INFINITY;
        for (Filter part : conjunction(scan.filter())) {
            switch (part) {
                case Filter.In(Filter.Field.Agent(), List<JsonNode> values)
                when values.size() == 1 && values.getFirst().isTextual() ->
                    order = space.keys().agent(values.getFirst().textValue());
                case Filter.Range(Filter.Field.Time(), double least, boolean _, double most, boolean _) -> {
                    from = Math.max(from, least);
                    to = Math.min(to, most);
                }
                default -> {}
            }
        }
        this.key = order;
        this.earliest = from;
        this.latest = to;
    }

    private static List<Filter> conjunction(Filter filter) {
        return filter instanceof Filter.And and ? and.parts() : List.of(filter);
    }

    Scan.Page run() {
        boolean all = scan.filter().equals(Filter.ALL);
        int budget = space.settings().scanBudget();
        int atOnce = all ? scan.limit() + 1 : Math.max(LEAST_AT_ONCE, scan.limit() + 1);
        List<Memory> page = new ArrayList<>();
        Place last = scan.after() == null ? null : Place.of(scan.after());
        int looked = 0;
        while (true) {
            List<Place> places = next(last, Math.min(atOnce, MOST_AT_ONCE));
            Map<String, Memory> memories =
                    reading.plain(places.stream().map(Place::id).toList());
            for (Place place : places) {
                Memory memory = memories.get(place.id());
                if (memory != null && FilterEvaluation.matches(scan.filter(), memory)) {
                    if (page.size() == scan.limit()) {
                        return page(page, page.getLast());
                    }
                    page.add(memory);
                }
            }
            if (places.size() < Math.min(atOnce, MOST_AT_ONCE)) {
                return new Scan.Page(recalled(page), null);
            }
            last = places.getLast();
            looked += places.size();
            if (looked >= budget) {
                return new Scan.Page(recalled(page), new Scan.Position(Instant.ofEpochMilli(last.time()), last.id()));
            }
            atOnce *= 2;
        }
    }

    private Scan.Page page(List<Memory> page, Memory last) {
        return new Scan.Page(recalled(page), new Scan.Position(last.time(), last.id()));
    }

    private List<Memory> recalled(List<Memory> page) {
        RecallCounts counts = reading.recalls(page.stream().map(Memory::id).toList());
        return page.stream().map(counts::in).toList();
    }

    /** The places after one, fewer than asked for only at the end. */
    private List<Place> next(@Nullable Place after, int limit) {
        if (after == null) {
            return byTime(earliest, latest, limit, null);
        }
        @Nullable
        Response answer = space.tryRun(
                Script.PAGE,
                new Arguments()
                        .add(scan.newestFirst() ? "ZREVRANK" : "ZRANK")
                        .add(scan.newestFirst() ? "ZREVRANGE" : "ZRANGE")
                        .add(key.substring(space.keys().prefix().length()))
                        .add(after.id())
                        .add(after.time())
                        .add(limit));
        if (answer == null) {
            // It was deleted: the others of its time that lie before it are passed over.
            return scan.newestFirst()
                    ? byTime(earliest, (double) after.time(), limit, after)
                    : byTime((double) after.time(), latest, limit, after);
        }
        List<Place> places = new ArrayList<>(read(answer));
        places.removeIf(place -> place.time() < earliest || place.time() > latest);
        return places;
    }

    private List<Place> byTime(double from, double to, int limit, @Nullable Place after) {
        List<Place> places = new ArrayList<>();
        for (int offset = 0; ; offset += limit) {
            Response answer = scan.newestFirst()
                    ? space.ask("ZREVRANGEBYSCORE", key, bound(to), bound(from), "WITHSCORES", "LIMIT", offset, limit)
                    : space.ask("ZRANGEBYSCORE", key, bound(from), bound(to), "WITHSCORES", "LIMIT", offset, limit);
            List<Place> found = read(answer);
            for (Place place : found) {
                if (after == null || isAfter(place, after)) {
                    places.add(place);
                }
                if (places.size() == limit) {
                    return places;
                }
            }
            if (found.size() < limit) {
                return places;
            }
        }
    }

    private boolean isAfter(Place place, Place after) {
        int order = place.time() != after.time()
                ? Long.compare(place.time(), after.time())
                : Arrays.compareUnsigned(
                        place.id().getBytes(StandardCharsets.UTF_8), after.id().getBytes(StandardCharsets.UTF_8));
        return scan.newestFirst() ? order < 0 : order > 0;
    }

    private static String bound(double time) {
        if (Double.isInfinite(time)) {
            return time < 0 ? "-inf" : "+inf";
        }
        return Double.toString(time);
    }

    private static List<Place> read(Response pairs) {
        List<Place> places = new ArrayList<>(pairs.size() / 2);
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            places.add(new Place(time(pairs.get(i + 1)), pairs.get(i).toString()));
        }
        return places;
    }

    private static long time(Response score) {
        return (long) Double.parseDouble(score.toString());
    }

    /** A member of the sorted set. */
    private record Place(long time, String id) {
        static Place of(Scan.Position position) {
            return new Place(position.time().toEpochMilli(), position.id());
        }
    }
}
