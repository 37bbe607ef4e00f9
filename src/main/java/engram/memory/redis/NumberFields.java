package engram.memory.redis;

import engram.memory.Filter;
import engram.memory.Tier;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which field of its own each place with numbers has. The same for all replicas, and for good. Thread-safe. */
final class NumberFields {
    private final RedisSpace space;
    private final Map<String, Integer> known = new ConcurrentHashMap<>();

    NumberFields(RedisSpace space) {
        this.space = space;
    }

    /** The field of a place that {@link #give} was told of, 0 if there were too many. */
    int given(String place) {
        return known.getOrDefault(place, 0);
    }

    /** Gives fields to those places that have none yet; returns the fields of all. */
    Set<Integer> give(Collection<String> places) {
        List<String> unknown = places.stream()
                .filter(place -> !known.containsKey(place))
                .distinct()
                .toList();
        if (!unknown.isEmpty()) {
            Arguments arguments =
                    new Arguments().add(space.settings().index().payloadPaths()).add(unknown.size());
            unknown.forEach(arguments::add);
            Response fields = space.run(Script.NUMBERS, arguments);
            for (int i = 0; i < unknown.size(); i++) {
                known.put(unknown.get(i), fields.get(i).toInteger());
            }
        }
        Set<Integer> fields = new TreeSet<>();
        for (String place : places) {
            if (given(place) != 0) {
                fields.add(given(place));
            }
        }
        return fields;
    }

    /** The field of a place that a filter names, 0 if it has none, here or by another replica. */
    int find(String place) {
        Integer field = known.get(place);
        if (field != null && field != 0) {
            return field;
        }
        @Nullable
        Response found = space.send(Commands.request("HGET", space.keys().numbers(), place));
        if (found == null) {
            return 0;
        }
        known.put(place, found.toInteger());
        return found.toInteger();
    }

    /** Every field that is in use. */
    Set<Integer> all() {
        Set<Integer> fields = new TreeSet<>();
        Response values = space.ask("HVALS", space.keys().numbers());
        for (Response value : values) {
            fields.add(value.toInteger());
        }
        return fields;
    }

    /** Compiles a filter for the index of a tier. */
    Condition compile(Filter filter, Tier tier) {
        return new FilterCompiler(tier, this::find).compile(filter);
    }

    /** The places of some memories' numbers. */
    static List<String> places(Collection<SearchableContent> contents) {
        List<String> places = new ArrayList<>();
        contents.forEach(content -> places.addAll(content.numberPlaces()));
        return places;
    }
}
