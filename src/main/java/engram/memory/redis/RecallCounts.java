package engram.memory.redis;

import engram.memory.Memory;
import engram.memory.MemoryChanges;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How often some memories were recalled, and when last. */
final class RecallCounts {
    private final Map<String, Count> counts = new HashMap<>();

    /** What to ask for the counts of these ids; {@link #add} takes the answers. */
    static List<Request> requests(Keys keys, List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        Request recalls = Commands.request("HMGET", keys.recalls());
        Request recalled = Commands.request("HMGET", keys.recalled());
        for (String id : ids) {
            recalls.arg(id);
            recalled.arg(id);
        }
        return List.of(recalls, recalled);
    }

    /** Takes the answers to {@link #requests} of the same ids. */
    void add(List<String> ids, List<@Nullable Response> answers) {
        if (ids.isEmpty()) {
            return;
        }
        Response recalls = Commands.required(answers.get(0));
        Response recalled = Commands.required(answers.get(1));
        for (int i = 0; i < ids.size(); i++) {
            @Nullable Response count = recalls.get(i);
            @Nullable Response last = recalled.get(i);
            counts.put(
                    ids.get(i),
                    new Count(
                            count == null ? 0 : count.toLong(),
                            last == null ? null : Instant.ofEpochMilli(last.toLong())));
        }
    }

    boolean knows(String id) {
        return counts.containsKey(id);
    }

    /** The memory with its recalls. */
    Memory in(Memory memory) {
        Count count = counts.get(memory.id());
        return count == null || (count.recalls() == 0 && count.last() == null)
                ? memory
                : MemoryChanges.recalled(memory, count.recalls(), count.last());
    }

    private record Count(long recalls, @Nullable Instant last) {}
}
