package engram.memory.deferred;

import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.error.StorageFull;
import engram.error.Unreachable;
import engram.memory.IdempotencyKey;
import engram.memory.Memories;
import engram.memory.Memory;
import engram.memory.Tier;
import engram.memory.space.MemoryWrites;
import engram.memory.space.NewMemory;
import engram.memory.space.Remembered;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Spaces that fail on command and otherwise do what a store does: keys and ids count once. */
final class FakeSpaces implements MemoryWrites {
    final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Map<String, List<String>> stored = new HashMap<>();
    private final Map<String, Kept> keys = new HashMap<>();
    private volatile Mode mode = Mode.UP;
    private int calls;

    /** What the store does with a write. */
    enum Mode {
        UP,
        /** It is not reached. */
        AWAY,
        /** It writes, and its answer is lost. */
        DEAF,
        FULL,
        /** It fails as nobody foresaw, for memories with the tag "poison". */
        BROKEN
    }

    void become(Mode next) {
        mode = next;
    }

    /** The ids of a space, in the order in which they came. */
    synchronized List<String> stored(String space) {
        return List.copyOf(stored.getOrDefault(space, List.of()));
    }

    synchronized int calls() {
        return calls;
    }

    /** Removes a memory, as somebody else may do. */
    synchronized void remove(String space, String id) {
        stored.getOrDefault(space, List.of()).remove(id);
    }

    /** Forgets keys, as a store does after their retention. */
    synchronized void forgetKeys() {
        keys.clear();
    }

    synchronized Memory lookup(String space, String id) {
        if (!stored(space).contains(id)) {
            throw new NotFound("memory", id);
        }
        return Memories.memory(id).build();
    }

    @Override
    public void require(String space) {
        if (mode == Mode.AWAY) {
            throw away();
        }
        if (!names.contains(space)) {
            throw new NotFound("space", space);
        }
    }

    @Override
    public synchronized Remembered remember(String space, List<NewMemory> memories, Optional<IdempotencyKey> key) {
        calls++;
        require(space);
        if (mode == Mode.FULL) {
            throw new StorageFull("full", new IOException("full"));
        }
        if (mode == Mode.BROKEN
                && memories.stream().anyMatch(memory -> memory.tags().tree().has("poison"))) {
            throw new IllegalStateException("nobody foresaw this");
        }
        Remembered remembered = write(space, memories, key);
        if (mode == Mode.DEAF) {
            throw away();
        }
        return remembered;
    }

    private Remembered write(String space, List<NewMemory> memories, Optional<IdempotencyKey> key) {
        Kept before = key.map(given -> keys.get(space + given.value())).orElse(null);
        if (before != null) {
            if (!before.fingerprint.equals(key.orElseThrow().fingerprint())) {
                throw new Conflict("Idempotency-Key", "this key was used with another request");
            }
            return new Remembered(before.outcomes, true);
        }
        List<Remembered.Outcome> outcomes = new ArrayList<>();
        for (NewMemory memory : memories) {
            outcomes.add(write(space, memory));
        }
        key.ifPresent(given -> keys.put(space + given.value(), new Kept(given.fingerprint(), outcomes)));
        return new Remembered(outcomes, false);
    }

    private Remembered.Outcome write(String space, NewMemory memory) {
        if (memory.tags().tree().has("refused")) {
            return new Remembered.Rejected(new InvalidInput("state", "is not to its liking"));
        }
        String id = Objects.requireNonNull(memory.id());
        List<String> present = stored.computeIfAbsent(space, _ -> new ArrayList<>());
        if (present.contains(id)) {
            return new Remembered.Duplicate(id);
        }
        present.add(id);
        return new Remembered.Stored(id, Tier.STM, 1, List.of());
    }

    static Unreachable away() {
        return new Unreachable("the store is away", Duration.ofSeconds(1));
    }

    private record Kept(String fingerprint, List<Remembered.Outcome> outcomes) {}
}
