package engram.service;

import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.ChangeEvent;
import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Scan;
import engram.memory.Search;
import engram.memory.Statistics;
import engram.memory.Update;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A store whose searches and writes are measured. */
final class ObservedStore implements MemoryStore {
    private final String space;
    private final MemoryStore store;
    private final Observations observations;

    ObservedStore(String space, MemoryStore store, Observations observations) {
        this.space = space;
        this.store = store;
        this.observations = observations;
    }

    boolean isOf(MemoryStore other) {
        return store.equals(other);
    }

    @Override
    public Appended append(Append append) {
        int size = append.entries().size();
        Appended appended = observations.commit(space, size, () -> store.append(append));
        if (!appended.replayed()) {
            observations.stored(appended.outcomes().stream()
                    .filter(Appended.Stored.class::isInstance)
                    .count());
        }
        return appended;
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
    public List<Search.Hit> search(Search search) {
        return observations.search(space, search.k(), () -> store.search(search));
    }

    @Override
    public Scan.Page scan(Scan scan) {
        return store.scan(scan);
    }

    @Override
    public List<Update.Outcome> update(List<Update> updates) {
        return observations.commit(space, updates.size(), () -> store.update(updates));
    }

    @Override
    public void countRecalls(Map<String, Integer> counts, Instant at) {
        store.countRecalls(counts, at);
    }

    @Override
    public Set<String> delete(Collection<String> ids, Departure why) {
        return observations.commit(space, ids.size(), () -> store.delete(ids, why));
    }

    @Override
    public Statistics statistics() {
        return store.statistics();
    }

    @Override
    public long sequence() {
        return store.sequence();
    }

    @Override
    public List<ChangeEvent> changes(long after, int limit) {
        return store.changes(after, limit);
    }

    @Override
    public Set<EmbeddingVersion> versions() {
        return store.versions();
    }

    @Override
    public EmbeddingVersion activeVersion(Modality modality) {
        return store.activeVersion(modality);
    }

    @Override
    public void beginVersion(EmbeddingVersion version) {
        store.beginVersion(version);
    }

    @Override
    public List<String> withoutVector(EmbeddingVersion version, int limit) {
        return store.withoutVector(version, limit);
    }

    @Override
    public void putVectors(EmbeddingVersion version, Map<String, float[]> vectors) {
        store.putVectors(version, vectors);
    }

    @Override
    public void activateVersion(EmbeddingVersion version) {
        store.activateVersion(version);
    }

    @Override
    public void discardVersion(EmbeddingVersion version) {
        store.discardVersion(version);
    }

    @Override
    public void close() {
        store.close();
    }
}
