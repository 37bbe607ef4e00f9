package engram.service;

import engram.memory.JsonObject;
import engram.memory.MemoryStore;
import engram.memory.MemoryStores;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Stores whose searches and writes are measured. Thread-safe as the stores are. */
final class ObservedStores implements MemoryStores {
    private final MemoryStores stores;
    private final Observations observations;
    private final ConcurrentMap<String, ObservedStore> open = new ConcurrentHashMap<>();

    ObservedStores(MemoryStores stores, Observations observations) {
        this.stores = stores;
        this.observations = observations;
    }

    @Override
    public List<String> names() {
        return stores.names();
    }

    @Override
    public Optional<Settings> settings(String space) {
        return stores.settings(space);
    }

    @Override
    public Settings putSettings(String space, JsonObject settings, OptionalLong expectedRevision) {
        return stores.putSettings(space, settings, expectedRevision);
    }

    @Override
    public MemoryStore open(String space) {
        MemoryStore store = stores.open(space);
        return open.compute(
                space,
                (name, known) ->
                        known != null && known.isOf(store) ? known : new ObservedStore(name, store, observations));
    }

    @Override
    public boolean delete(String space) {
        open.remove(space);
        return stores.delete(space);
    }

    @Override
    public void close() {
        stores.close();
    }
}
