package engram.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a store is to do, done in the simplest way: everything in a map, searches by comparing everything. */
public final class StoreModel {
    private final Map<String, Memory> memories = new TreeMap<>();
    private final Map<String, Map<EmbeddingVersion, float[]>> vectors = new HashMap<>();

    /** Returns whether the entry is new. */
    public boolean append(Entry entry) {
        Memory memory = entry.memory();
        if (memories.putIfAbsent(memory.id(), memory) != null) {
            return false;
        }
        vectors.put(memory.id(), new HashMap<>(entry.vectors()));
        return true;
    }

    public void edit(String id, Update.Edit edit) {
        Memory before = get(id);
        Double importance = edit.importance() == null ? before.importance() : edit.importance();
        memories.put(
                id,
                changed(
                        before,
                        before.tier(),
                        before.payload(),
                        before.reduced(),
                        edit.tags() == null ? before.tags() : edit.tags(),
                        edit.pinned() == null ? before.pinned() : edit.pinned(),
                        edit.clearImportance() ? null : importance));
    }

    public void demote(String id, Update.Demote demote) {
        Memory before = get(id);
        memories.put(
                id,
                changed(
                        before,
                        demote.tier(),
                        demote.payload(),
                        demote.reduced(),
                        before.tags(),
                        before.pinned(),
                        before.importance()));
        vectors.put(id, new HashMap<>(demote.vectors()));
    }

    public void delete(String id) {
        memories.remove(id);
        vectors.remove(id);
    }

    public void put(EmbeddingVersion version, String id, float[] vector) {
        vectors.getOrDefault(id, new HashMap<>()).put(version, vector);
    }

    public Memory get(String id) {
        Memory memory = memories.get(id);
        if (memory == null) {
            throw new AssertionError("no memory " + id);
        }
        return memory;
    }

    public Set<String> ids() {
        return memories.keySet();
    }

    public Map<String, Memory> all() {
        return memories;
    }

    public List<Memory> select(Filter filter) {
        return memories.values().stream()
                .filter(memory -> FilterEvaluation.matches(filter, memory))
                .toList();
    }

    /** The distances of the nearest memories of one tier, nearest first, with their ids. */
    public List<Near> nearest(Search search, Tier tier) {
        List<Near> near = new ArrayList<>();
        float[] query = search.queries().get(tier);
        if (query == null) {
            return near;
        }
        for (Memory memory : memories.values()) {
            float[] vector = vectors.getOrDefault(memory.id(), Map.of()).get(search.version());
            if (memory.tier() == tier
                    && vector != null
                    && !search.excluded().contains(memory.id())
                    && FilterEvaluation.matches(search.filter(), memory)) {
                near.add(new Near(memory.id(), distance(query, vector)));
            }
        }
        near.sort(Comparator.comparingDouble(Near::distance));
        return near.subList(0, Math.min(search.k(), near.size()));
    }

    /** Ids in keyset order. */
    public List<String> scan(Filter filter, boolean newestFirst) {
        Comparator<Memory> order = Comparator.comparing(Memory::time).thenComparing(Memory::id);
        return select(filter).stream()
                .sorted(newestFirst ? order.reversed() : order)
                .map(Memory::id)
                .toList();
    }

    public static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    /** The memory without what only a store knows. */
    public static Memory comparable(Memory memory) {
        return with(memory, memory.revision(), 0);
    }

    private static Memory with(Memory memory, long revision, long sequence) {
        return rebuilt(
                memory,
                memory.tier(),
                memory.payload(),
                memory.reduced(),
                memory.tags(),
                memory.pinned(),
                memory.importance(),
                revision,
                sequence,
                memory.lastRecalled());
    }

    private static Memory changed(
            Memory memory,
            Tier tier,
            JsonObject payload,
            boolean reduced,
            JsonObject tags,
            boolean pinned,
            @Nullable Double importance) {
        return rebuilt(
                memory,
                tier,
                payload,
                reduced,
                tags,
                pinned,
                importance,
                memory.revision() + 1,
                0,
                memory.lastRecalled());
    }

    private static Memory rebuilt(
            Memory memory,
            Tier tier,
            JsonObject payload,
            boolean reduced,
            JsonObject tags,
            boolean pinned,
            @Nullable Double importance,
            long revision,
            long sequence,
            @Nullable Instant lastRecalled) {
        return new Memory(
                memory.id(),
                memory.agent(),
                memory.kind(),
                memory.step(),
                memory.time(),
                tier,
                payload,
                reduced,
                tags,
                memory.reward(),
                pinned,
                importance,
                memory.surprise(),
                memory.recalls(),
                lastRecalled,
                memory.count(),
                memory.derivedFrom(),
                memory.created(),
                revision,
                sequence);
    }

    /** A neighbour. */
    public record Near(String id, double distance) {}
}
