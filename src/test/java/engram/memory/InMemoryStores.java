package engram.memory;

import engram.error.NotFound;
import engram.error.PreconditionFailed;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The spaces of {@link InMemoryStore}s. */
public final class InMemoryStores implements MemoryStores {
    private final InstantSource clock;
    private final Map<String, Settings> settings = new ConcurrentSkipListMap<>();
    private final Map<String, InMemoryStore> open = new ConcurrentHashMap<>();

    public InMemoryStores(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public List<String> names() {
        return List.copyOf(settings.keySet());
    }

    @Override
    public Optional<Settings> settings(String space) {
        return Optional.ofNullable(settings.get(space));
    }

    @Override
    public synchronized Settings putSettings(String space, JsonObject document, OptionalLong expectedRevision) {
        Settings present = settings.get(space);
        long revision = present == null ? 0 : present.revision();
        if (expectedRevision.isPresent() && expectedRevision.getAsLong() != revision) {
            throw new PreconditionFailed("the settings of " + space + " have revision " + revision);
        }
        Settings next = new Settings(document, revision + 1);
        settings.put(space, next);
        return next;
    }

    @Override
    public MemoryStore open(String space) {
        if (!settings.containsKey(space)) {
            throw new NotFound("space", space);
        }
        return open.computeIfAbsent(space, _ -> new InMemoryStore(clock));
    }

    @Override
    public boolean delete(String space) {
        InMemoryStore store = open.remove(space);
        if (store != null) {
            store.close();
        }
        return settings.remove(space) != null;
    }

    @Override
    public void close() {
        open.values().forEach(InMemoryStore::close);
    }
}
