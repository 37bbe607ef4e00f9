package engram.memory.redis;

import engram.error.Conflict;
import engram.error.NotFound;
import engram.memory.EmbeddingVersion;
import engram.memory.Tier;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Begins, fills, activates and discards encoder versions. */
final class VersionChanges {
    private static final int AT_ONCE = 1_000;
    private static final int VECTORS_AT_ONCE = 100;

    private final RedisSpace space;
    private final Indexes indexes;
    private final Map<Integer, Integer> walks = new ConcurrentHashMap<>();

    VersionChanges(RedisSpace space, Indexes indexes) {
        this.space = space;
        this.indexes = indexes;
    }

    void begin(EmbeddingVersion version) {
        change("begin", version);
        indexes.prepare(version, field(space.refreshed(), version), Set.of());
    }

    /** Returns the field that is out of use now. */
    OptionalInt activate(EmbeddingVersion version) {
        return change("activate", version);
    }

    /** Returns the field that is out of use now. */
    OptionalInt discard(EmbeddingVersion version) {
        return change("discard", version);
    }

    private OptionalInt change(String what, EmbeddingVersion version) {
        Arguments arguments =
                new Arguments().add(what).add(About.name(version.modality())).add(version.number());
        try {
            String field = space.run(Script.VERSIONS, arguments).toString();
            return field.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(field));
        } catch (Refused e) {
            throw refusal(e, version);
        } finally {
            space.refreshed();
        }
    }

    private static RuntimeException refusal(Refused e, EmbeddingVersion version) {
        return switch (e.code()) {
            case CONFLICT -> new Conflict("version", String.valueOf(e.getMessage()));
            case NOVERSION -> notInUse(version);
            default -> e;
        };
    }

    private static NotFound notInUse(EmbeddingVersion version) {
        return new NotFound("encoder version being filled", Integer.toString(version.number()));
    }

    private static int field(About about, EmbeddingVersion version) {
        Integer field = about.fields().get(version);
        if (field == null) {
            throw notInUse(version);
        }
        return field;
    }

    void put(EmbeddingVersion version, Map<String, float[]> vectors) {
        About about = space.refreshed();
        indexes.prepare(version, field(about, version), Set.of());
        List<Map.Entry<String, float[]>> all = List.copyOf(vectors.entrySet());
        for (int from = 0; from < all.size(); from += VECTORS_AT_ONCE) {
            List<Map.Entry<String, float[]>> part = all.subList(from, Math.min(all.size(), from + VECTORS_AT_ONCE));
            Arguments arguments =
                    new Arguments().add(About.name(version.modality())).add(version.number());
            for (Tier tier : Tier.values()) {
                arguments.add(
                        (long) tier.resolution().dimensions() * about.vectors().bytes());
            }
            arguments.add(part.size());
            part.forEach(vector -> arguments.add(vector.getKey()).add(Blobs.write(vector.getValue(), about.vectors())));
            try {
                space.run(Script.VECTORS, arguments);
            } catch (Refused e) {
                throw refusal(e, version);
            }
        }
    }

    /**
     * Up to so many ids of memories without a vector of this version. The walk goes on where the last one found something,
     * because what was found is filled by then.
     */
    List<String> without(EmbeddingVersion version, int limit) {
        int field = field(space.refreshed(), version);
        if (isComplete(version, field)) {
            return List.of();
        }
        int start = walks.getOrDefault(field, 0);
        List<String> found = walk(version, field, start, limit);
        return found.isEmpty() && start > 0 ? walk(version, field, 0, limit) : found;
    }

    private boolean isComplete(EmbeddingVersion version, int field) {
        Response counts = space.ask(
                "HMGET",
                space.keys().about(),
                "filling:" + About.name(version.modality()),
                "vectors:" + field,
                "total:" + About.name(version.modality()));
        return counts.get(0) != null
                && counts.get(0).toString().equals(Integer.toString(version.number()))
                && counts.get(1).toLong() >= counts.get(2).toLong();
    }

    private List<String> walk(EmbeddingVersion version, int field, int start, int limit) {
        int from = start;
        while (true) {
            Response answer = space.run(
                    Script.WITHOUT,
                    new Arguments()
                            .add(About.name(version.modality()))
                            .add(field)
                            .add(from)
                            .add(AT_ONCE));
            List<String> ids = new ArrayList<>();
            for (int i = 1; i < answer.size() && ids.size() < limit; i++) {
                ids.add(answer.get(i).toString());
            }
            if (!ids.isEmpty()) {
                walks.put(field, from);
                return ids;
            }
            if (answer.get(0).toInteger() < AT_ONCE) {
                return List.of();
            }
            from += AT_ONCE;
        }
    }
}
