package engram.memory.redis;

import engram.memory.Memory;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads memories by their ids, many in one go. */
final class MemoryReading {
    private static final int AT_ONCE = 250;

    private final RedisSpace space;

    MemoryReading(RedisSpace space) {
        this.space = space;
    }

    /** The memories that are there, with their recalls, in the order of the ids. */
    Map<String, Memory> withRecalls(Collection<String> ids) {
        Map<String, Memory> found = plain(ids);
        RecallCounts counts = recalls(found.keySet());
        found.replaceAll((_, memory) -> counts.in(memory));
        return found;
    }

    /** The memories that are there, none of them recalled. */
    Map<String, Memory> plain(Collection<String> ids) {
        Map<String, Memory> found = new LinkedHashMap<>();
        for (List<String> part : parts(List.copyOf(ids))) {
            List<Request> requests = new ArrayList<>(part.size());
            for (String id : part) {
                Request request = Commands.request("HMGET", space.keys().memory(id));
                MemoryHash.FIELDS.forEach(request::arg);
                requests.add(request);
            }
            List<@Nullable Response> answers = space.send(requests);
            for (int i = 0; i < part.size(); i++) {
                Map<String, byte[]> fields = fields(Commands.required(answers.get(i)));
                if (fields.containsKey(MemoryHash.REVISION)) {
                    found.put(part.get(i), MemoryHash.read(part.get(i), fields, 0, null));
                }
            }
        }
        return found;
    }

    private static Map<String, byte[]> fields(Response values) {
        Map<String, byte[]> fields = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            @Nullable Response value = values.get(i);
            if (value != null) {
                fields.put(MemoryHash.FIELDS.get(i), value.toBytes());
            }
        }
        return fields;
    }

    /** How often these were recalled. */
    RecallCounts recalls(Collection<String> ids) {
        RecallCounts counts = new RecallCounts();
        for (List<String> part : parts(List.copyOf(ids))) {
            counts.add(part, space.send(RecallCounts.requests(space.keys(), part)));
        }
        return counts;
    }

    /** The vectors of a field, of those ids that have one. */
    Map<String, byte[]> blobs(Collection<String> ids, int field) {
        Map<String, byte[]> found = new LinkedHashMap<>();
        for (List<String> part : parts(List.copyOf(ids))) {
            List<Request> requests = part.stream()
                    .map(id -> Commands.request("HGET", space.keys().memory(id), IndexSchema.vector(field)))
                    .toList();
            List<@Nullable Response> answers = space.send(requests);
            for (int i = 0; i < part.size(); i++) {
                @Nullable Response blob = answers.get(i);
                if (blob != null) {
                    found.put(part.get(i), blob.toBytes());
                }
            }
        }
        return found;
    }

    static <T> List<List<T>> parts(List<T> all) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            parts.add(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
        }
        return parts;
    }
}
