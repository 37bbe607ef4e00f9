package engram.memory.consolidation;

import com.fasterxml.jackson.databind.node.TextNode;
import engram.memory.Append;
import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Filter;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Scan;
import engram.memory.Search;
import engram.memory.Update;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The store itself. */
final class StoreView implements View {
    private static final int FIRST_NEIGHBOURS = 16;
    private static final int MOST_NEIGHBOURS = 65_536;

    /** Stores may give equals in any order. */
    static final Comparator<Search.Hit> NEAREST_FIRST = Comparator.comparingDouble(Search.Hit::distance)
            .thenComparing(hit -> hit.memory().id());

    private final MemoryStore store;

    StoreView(MemoryStore store) {
        this.store = store;
    }

    @Override
    public Scan.Page scan(Scan scan) {
        return store.scan(scan);
    }

    @Override
    public Map<String, Memory> get(Collection<String> ids) {
        return store.get(ids);
    }

    @Override
    public Map<String, float[]> vectors(Collection<String> ids, EmbeddingVersion version) {
        return store.vectors(ids, version);
    }

    @Override
    public List<Search.Hit> near(Memory memory, float[] vector, EmbeddingVersion version, double radius) {
        Filter sameAgentAndKind = new Filter.And(List.of(
                new Filter.In(new Filter.Field.Agent(), List.of(TextNode.valueOf(memory.agent()))),
                new Filter.In(
                        new Filter.Field.Kind(),
                        List.of(TextNode.valueOf(memory.kind().jsonName())))));
        // A store finds a number of neighbours, not a radius: ask for more until they reach beyond it. The rest of a
        // crowd that is larger still is left to the next consolidation.
        for (int k = FIRST_NEIGHBOURS; ; k *= 4) {
            List<Search.Hit> hits = store.search(new Search(
                    version, Map.of(memory.tier(), vector), k, sameAgentAndKind, Set.of(memory.id()), false));
            boolean beyond = hits.size() < k || hits.getLast().distance() > radius;
            if (beyond || k >= MOST_NEIGHBOURS) {
                return hits.stream()
                        .filter(hit -> hit.distance() <= radius)
                        .sorted(NEAREST_FIRST)
                        .toList();
            }
        }
    }

    @Override
    public void append(List<Entry> entries) {
        store.append(new Append(entries, Optional.empty()));
    }

    @Override
    public List<Update.Outcome> update(List<Update> updates) {
        return store.update(updates);
    }

    @Override
    public void delete(Collection<String> ids, Departure why) {
        store.delete(ids, why);
    }
}
