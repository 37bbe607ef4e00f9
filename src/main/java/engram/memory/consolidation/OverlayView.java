package engram.memory.consolidation;

import engram.error.TooLarge;
import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.FilterEvaluation;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.Scan;
import engram.memory.Search;
import engram.memory.Tier;
import engram.memory.Update;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One agent's memories as they would be: the changes of a dry run, kept in memory over a store that they never reach.
 */
final class OverlayView implements View {
    private final View base;
    private final int mostChanges;
    private final Map<String, Entry> changed = new HashMap<>();
    private final Set<String> gone = new HashSet<>();
    private final TreeSet<Memory> ordered =
            new TreeSet<>(Comparator.comparing(Memory::time).thenComparing(Memory::id));
    /** Entries by the length of their vector: two vectors are at least as far apart as their lengths differ. */
    private final Map<Shelf, TreeMap<Double, List<Entry>>> byLength = new HashMap<>();

    OverlayView(View base, int mostChanges) {
        this.base = base;
        this.mostChanges = mostChanges;
    }

    @Override
    public Scan.Page scan(Scan scan) {
        Scan.Page page = base.scan(scan);
        List<Memory> memories = new ArrayList<>(page.memories().stream()
                .filter(memory -> isUntouched(memory.id()))
                .toList());
        for (Memory memory : scan.newestFirst() ? ordered.descendingSet() : ordered) {
            Scan.Position position = new Scan.Position(memory.time(), memory.id());
            boolean afterStart = scan.after() == null || compare(position, scan.after(), scan.newestFirst()) > 0;
            boolean beforeEnd = page.next() == null || compare(position, page.next(), scan.newestFirst()) <= 0;
            if (afterStart && beforeEnd && FilterEvaluation.matches(scan.filter(), memory)) {
                memories.add(memory);
            }
        }
        Comparator<Memory> order = (a, b) ->
                compare(new Scan.Position(a.time(), a.id()), new Scan.Position(b.time(), b.id()), scan.newestFirst());
        memories.sort(order);
        return new Scan.Page(memories, page.next());
    }

    private static int compare(Scan.Position a, Scan.Position b, boolean newestFirst) {
        int ascending =
                a.time().equals(b.time()) ? a.id().compareTo(b.id()) : a.time().compareTo(b.time());
        return newestFirst ? -ascending : ascending;
    }

    @Override
    public Map<String, Memory> get(Collection<String> ids) {
        Map<String, Memory> memories = new LinkedHashMap<>(
                base.get(ids.stream().filter(this::isUntouched).toList()));
        for (String id : ids) {
            Entry entry = changed.get(id);
            if (entry != null) {
                memories.put(id, entry.memory());
            }
        }
        return memories;
    }

    @Override
    public Map<String, float[]> vectors(Collection<String> ids, EmbeddingVersion version) {
        Map<String, float[]> vectors = new LinkedHashMap<>(
                base.vectors(ids.stream().filter(this::isUntouched).toList(), version));
        for (String id : ids) {
            Entry entry = changed.get(id);
            float[] vector = entry == null ? null : entry.vectors().get(version);
            if (vector != null) {
                vectors.put(id, vector);
            }
        }
        return vectors;
    }

    @Override
    public List<Search.Hit> near(Memory memory, float[] vector, EmbeddingVersion version, double radius) {
        List<Search.Hit> hits = new ArrayList<>(base.near(memory, vector, version, radius).stream()
                .filter(hit -> isUntouched(hit.memory().id()))
                .toList());
        double length = length(vector);
        // The lengths carry rounding errors of their own.
        double window = radius + 1e-6 * (1 + length);
        TreeMap<Double, List<Entry>> shelf =
                byLength.getOrDefault(new Shelf(version, memory.kind(), memory.tier()), new TreeMap<>());
        for (List<Entry> entries :
                shelf.subMap(length - window, true, length + window, true).values()) {
            for (Entry entry : entries) {
                float[] other = entry.vectors().get(version);
                double distance = other == null ? Double.POSITIVE_INFINITY : distance(vector, other);
                if (distance <= radius && !entry.memory().id().equals(memory.id())) {
                    hits.add(new Search.Hit(entry.memory(), distance));
                }
            }
        }
        hits.sort(Comparator.comparingDouble(Search.Hit::distance)
                .thenComparing(hit -> hit.memory().id()));
        return hits;
    }

    @Override
    public void append(List<Entry> entries) {
        entries.forEach(this::put);
    }

    @Override
    public List<Update.Outcome> update(List<Update> updates) {
        Map<String, Memory> present = get(updates.stream().map(Update::id).toList());
        return updates.stream()
                .map(update -> update(present.get(update.id()), update))
                .toList();
    }

    private Update.Outcome update(@Nullable Memory present, Update update) {
        if (present == null) {
            return Update.Outcome.MISSING;
        }
        if (update.expectedRevision().isPresent() && update.expectedRevision().getAsLong() != present.revision()) {
            return Update.Outcome.STALE;
        }
        if (!(update.change() instanceof Update.Demote demote)) {
            throw new IllegalArgumentException("a consolidation does not edit");
        }
        remove(present.id());
        put(new Entry(Demotion.applied(present, demote), demote.vectors()));
        return Update.Outcome.APPLIED;
    }

    @Override
    public void delete(Collection<String> ids, Departure why) {
        for (String id : ids) {
            remove(id);
            gone.add(id);
        }
    }

    private boolean isUntouched(String id) {
        return !changed.containsKey(id) && !gone.contains(id);
    }

    private void put(Entry entry) {
        if (changed.size() + gone.size() >= mostChanges) {
            throw new TooLarge(
                    "dryRun",
                    "agent '" + entry.memory().agent() + "' has more than " + mostChanges
                            + " memories to consolidate, more than a dry run can follow; a consolidation can");
        }
        changed.put(entry.memory().id(), entry);
        ordered.add(entry.memory());
        entry.vectors()
                .forEach((version, vector) -> byLength.computeIfAbsent(shelf(entry, version), _ -> new TreeMap<>())
                        .computeIfAbsent(length(vector), _ -> new ArrayList<>())
                        .add(entry));
    }

    private void remove(String id) {
        Entry former = changed.remove(id);
        if (former == null) {
            return;
        }
        ordered.remove(former.memory());
        former.vectors().forEach((version, vector) -> {
            List<Entry> entries = byLength.getOrDefault(shelf(former, version), new TreeMap<>())
                    .get(length(vector));
            if (entries != null) {
                entries.remove(former);
            }
        });
    }

    private static Shelf shelf(Entry entry, EmbeddingVersion version) {
        return new Shelf(version, entry.memory().kind(), entry.memory().tier());
    }

    private static double length(float[] vector) {
        double sum = 0;
        for (float number : vector) {
            sum += (double) number * number;
        }
        return Math.sqrt(sum);
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    private record Shelf(EmbeddingVersion version, Kind kind, Tier tier) {}
}
