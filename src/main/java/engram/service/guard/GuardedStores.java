package engram.service.guard;

import engram.memory.JsonObject;
import engram.memory.MemoryStore;
import engram.memory.MemoryStores;
import engram.memory.deferred.KnownSpaces;
import engram.service.guard.StoreGuards.Kind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Stores outside the process, whose calls are guarded. What they tell of the settings of spaces is noted, so that writes
 * can go on without them. Thread-safe.
 */
public final class GuardedStores implements MemoryStores {
    private final MemoryStores stores;
    private final StoreGuards guards;
    private final KnownSpaces known;
    private final ConcurrentMap<String, GuardedStore> open = new ConcurrentHashMap<>();

    public GuardedStores(MemoryStores stores, StoreGuards guards, KnownSpaces known) {
        this.stores = stores;
        this.guards = guards;
        this.known = known;
    }

    @Override
    public List<String> names() {
        return guards.call(Kind.READ, true, stores::names);
    }

    @Override
    public Optional<Settings> settings(String space) {
        Optional<Settings> settings = guards.call(Kind.READ, true, () -> stores.settings(space));
        settings.ifPresentOrElse(present -> known.note(space, present), () -> known.forget(space));
        return settings;
    }

    /** Not repeated: the second attempt would find another revision than the expected one, or count one change twice. */
    @Override
    public Settings putSettings(String space, JsonObject settings, OptionalLong expectedRevision) {
        Settings kept = guards.call(Kind.LARGE, false, () -> stores.putSettings(space, settings, expectedRevision));
        known.note(space, kept);
        return kept;
    }

    @Override
    public MemoryStore open(String space) {
        MemoryStore store = guards.call(Kind.LARGE, true, () -> stores.open(space));
        return open.compute(
                space, (_, before) -> before != null && before.isOf(store) ? before : new GuardedStore(store, guards));
    }

    /** Not repeated: the second attempt would find no space and say that there was none. */
    @Override
    public boolean delete(String space) {
        boolean deleted = guards.call(Kind.LARGE, false, () -> stores.delete(space));
        open.remove(space);
        known.forget(space);
        return deleted;
    }

    @Override
    public void close() {
        guards.close();
        stores.close();
    }
}
