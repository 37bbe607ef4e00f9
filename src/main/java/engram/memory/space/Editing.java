package engram.memory.space;

import engram.error.NotFound;
import engram.error.PreconditionFailed;
import engram.memory.Departure;
import engram.memory.Filter;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Scan;
import engram.memory.Update;
import java.util.List;

/** Changes memories that are there, and says when one is not. Thread-safe. */
final class Editing {
    private static final int PAGE = 500;

    private final MemoryStore store;
    private final Runnable changed;

    /** @param changed told after every change */
    Editing(MemoryStore store, Runnable changed) {
        this.store = store;
        this.changed = changed;
    }

    /**
     * Makes one change.
     *
     * @throws NotFound if there is no such memory
     * @throws PreconditionFailed if it has another revision than the expected one
     */
    void apply(Update update) {
        switch (store.update(List.of(update)).getFirst()) {
            case APPLIED -> changed.run();
            case MISSING -> throw new NotFound("memory", update.id());
            case STALE ->
                throw new PreconditionFailed(
                        "memory '" + update.id() + "' has another revision than the one named; read it again");
        }
    }

    /** Deletes every memory that satisfies the filter; returns how many there were. */
    long clear(Filter filter) {
        long deleted = 0;
        Scan.Position after = null;
        do {
            Scan.Page page = store.scan(new Scan(filter, false, after, PAGE));
            List<String> ids = page.memories().stream().map(Memory::id).toList();
            deleted += store.delete(ids, Departure.DELETED).size();
            after = page.next();
        } while (after != null);
        changed.run();
        return deleted;
    }
}
