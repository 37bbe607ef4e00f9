package engram.memory.space;

import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Update;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Many memories of a space at once, in one call of its store. Thread-safe. */
public final class ManyMemories {
    private final MemoryStore store;
    private final Runnable changed;

    ManyMemories(MemoryStore store, Runnable changed) {
        this.store = store;
        this.changed = changed;
    }

    /** The memories of these ids; ids that are not there are not in the map. */
    public Map<String, Memory> get(Collection<String> ids) {
        return store.get(ids);
    }

    /**
     * Sets importances; returns the ids of the memories that were there.
     *
     * @param importances in [0,1] by id
     */
    public Set<String> setImportances(Map<String, Double> importances) {
        List<Update> updates = importances.entrySet().stream()
                .map(entry -> new Update(
                        entry.getKey(), OptionalLong.empty(), new Update.Edit(entry.getValue(), false, null, null)))
                .toList();
        List<Update.Outcome> outcomes = store.update(updates);
        Set<String> found = new HashSet<>();
        for (int i = 0; i < updates.size(); i++) {
            if (outcomes.get(i) == Update.Outcome.APPLIED) {
                found.add(updates.get(i).id());
            }
        }
        if (!found.isEmpty()) {
            changed.run();
        }
        return found;
    }
}
