package engram.service.guard;

import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.ChangeEvent;
import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.IdempotencyKey;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Scan;
import engram.memory.Search;
import engram.memory.Statistics;
import engram.memory.Update;
import engram.service.guard.StoreGuards.Kind;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A store outside the process, whose calls are guarded. A failed call may have been carried out, its answer lost; so each
 * method says whether it is made again, and why that does no harm. Reads always are.
 */
final class GuardedStore implements MemoryStore {
    /** From how many memories on a write is a large one. */
    private static final int LARGE = 100;

    private final MemoryStore store;
    private final StoreGuards guards;

    GuardedStore(MemoryStore store, StoreGuards guards) {
        this.store = store;
        this.guards = guards;
    }

    boolean isOf(MemoryStore other) {
        return store.equals(other);
    }

    private <T> T read(Supplier<T> call) {
        return guards.call(Kind.READ, true, call);
    }

    private static Kind write(int size) {
        return size > LARGE ? Kind.LARGE : Kind.WRITE;
    }

    /** Repeated under a key, which an append without one is given here: a lost answer is then given again. */
    @Override
    public Appended append(Append append) {
        Append keyed = append.key().isPresent()
                ? append
                : new Append(append.entries(), Optional.of(new IdempotencyKey("engram-" + UUID.randomUUID(), "guard")));
        return guards.call(write(append.entries().size()), true, () -> store.append(keyed));
    }

    @Override
    public Map<String, Memory> get(Collection<String> ids) {
        return read(() -> store.get(ids));
    }

    @Override
    public Map<String, float[]> vectors(Collection<String> ids, EmbeddingVersion version) {
        return read(() -> store.vectors(ids, version));
    }

    @Override
    public List<Search.Hit> search(Search search) {
        return read(() -> store.search(search));
    }

    @Override
    public Scan.Page scan(Scan scan) {
        // A page may look at many memories to find few.
        return guards.call(Kind.LARGE, true, () -> store.scan(scan));
    }

    /**
     * Repeated only if every change names what is to be afterwards and expects no revision: an edit or a demotion that
     * was carried out is then carried out again, to the same effect but for the revision, which grows twice. A change
     * that expects a revision would find its own and be called stale, a removal would be told that nothing was there:
     * they fail, and the caller, who knows what they were for, looks and decides.
     */
    @Override
    public List<Update.Outcome> update(List<Update> updates) {
        return guards.call(
                write(updates.size()),
                updates.stream().allMatch(GuardedStore::canBeRepeated),
                () -> store.update(updates));
    }

    private static boolean canBeRepeated(Update update) {
        return update.expectedRevision().isEmpty() && !(update.change() instanceof Update.Remove);
    }

    /** Not repeated: recalls would count twice. They may be lost, which the store allows for. */
    @Override
    public void countRecalls(Map<String, Integer> counts, Instant at) {
        run(write(counts.size()), false, () -> store.countRecalls(counts, at));
    }

    /** Not repeated: the second attempt would not name the memories that the first removed. */
    @Override
    public Set<String> delete(Collection<String> ids, Departure why) {
        return guards.call(write(ids.size()), false, () -> store.delete(ids, why));
    }

    @Override
    public Statistics statistics() {
        return read(store::statistics);
    }

    @Override
    public long sequence() {
        return read(store::sequence);
    }

    @Override
    public List<ChangeEvent> changes(long after, int limit) {
        return read(() -> store.changes(after, limit));
    }

    @Override
    public Set<EmbeddingVersion> versions() {
        return read(store::versions);
    }

    @Override
    public EmbeddingVersion activeVersion(Modality modality) {
        return read(() -> store.activeVersion(modality));
    }

    /** Repeated: beginning a version that is being filled keeps what it has. */
    @Override
    public void beginVersion(EmbeddingVersion version) {
        run(Kind.LARGE, true, () -> store.beginVersion(version));
    }

    @Override
    public List<String> withoutVector(EmbeddingVersion version, int limit) {
        return guards.call(Kind.LARGE, true, () -> store.withoutVector(version, limit));
    }

    /** Repeated: the same vectors are put in the same places. */
    @Override
    public void putVectors(EmbeddingVersion version, Map<String, float[]> vectors) {
        run(Kind.LARGE, true, () -> store.putVectors(version, vectors));
    }

    /** Not repeated: it is one step of a run, which ends with what is then the active version. */
    @Override
    public void activateVersion(EmbeddingVersion version) {
        run(Kind.LARGE, false, () -> store.activateVersion(version));
    }

    /** Repeated: a version that is dropped stays dropped. */
    @Override
    public void discardVersion(EmbeddingVersion version) {
        run(Kind.LARGE, true, () -> store.discardVersion(version));
    }

    private void run(Kind kind, boolean repeatable, Runnable call) {
        guards.call(kind, repeatable, () -> {
            call.run();
            return true;
        });
    }

    @Override
    public void close() {
        store.close();
    }
}
