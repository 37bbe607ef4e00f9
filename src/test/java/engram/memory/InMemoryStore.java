package engram.memory;

import engram.error.Conflict;
import engram.error.NotFound;
import engram.error.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A store without a disk that compares every candidate: small, slow and correct. */
public final class InMemoryStore implements MemoryStore {
    private final InstantSource clock;
    private final Map<String, Row> rows = new HashMap<>();
    private final Map<String, Keyed> keys = new HashMap<>();
    private final List<ChangeEvent> changes = new ArrayList<>();
    private final Map<Modality, EmbeddingVersion> active = new EnumMap<>(Modality.class);
    private final Map<Modality, EmbeddingVersion> filling = new EnumMap<>(Modality.class);
    private long sequence;
    private boolean closed;
    private Consumer<String> beforeWrite = _ -> {};

    public InMemoryStore(InstantSource clock) {
        this.clock = clock;
        List.of(Modality.values()).forEach(modality -> active.put(modality, new EmbeddingVersion(modality, 0)));
    }

    /** Calls a hook before each write with the name of the method; what it throws the write throws. */
    public synchronized void beforeWrite(Consumer<String> hook) {
        beforeWrite = hook;
    }

    @Override
    public synchronized Appended append(Append append) {
        IdempotencyKey key = append.key().orElse(null);
        Keyed before = key == null ? null : keys.get(key.value());
        if (key != null && before != null) {
            if (!before.fingerprint().equals(key.fingerprint())) {
                throw new Conflict("Idempotency-Key", "this key was used with another request");
            }
            return new Appended(before.outcomes(), true);
        }
        write("append");
        append.entries().forEach(entry -> requireActiveVector(entry.memory(), entry.vectors()));
        List<Appended.Outcome> outcomes = new ArrayList<>();
        for (Entry entry : append.entries()) {
            Memory memory = entry.memory();
            if (rows.containsKey(memory.id())) {
                outcomes.add(new Appended.Duplicate(memory.id()));
            } else {
                Memory stored = Changed.numbered(memory, 1, ++sequence);
                rows.put(memory.id(), new Row(stored, live(memory.kind().modality(), entry.vectors())));
                record(ChangeEvent.Type.NEW, stored);
                outcomes.add(new Appended.Stored(memory.id(), memory.tier(), 1));
            }
        }
        if (key != null) {
            keys.put(key.value(), new Keyed(key.fingerprint(), outcomes));
        }
        return new Appended(outcomes, false);
    }

    @Override
    public synchronized Map<String, Memory> get(Collection<String> ids) {
        requireOpen();
        Map<String, Memory> found = new LinkedHashMap<>();
        ids.stream().filter(rows::containsKey).forEach(id -> found.put(id, row(id).memory()));
        return found;
    }

    @Override
    public synchronized Map<String, float[]> vectors(Collection<String> ids, EmbeddingVersion version) {
        requireOpen();
        Map<String, float[]> found = new LinkedHashMap<>();
        for (String id : ids) {
            float[] vector = rows.containsKey(id) ? row(id).vectors().get(version) : null;
            if (vector != null) {
                found.put(id, vector.clone());
            }
        }
        return found;
    }

    @Override
    public synchronized List<Search.Hit> search(Search search) {
        requireOpen();
        if (!versions().contains(search.version())) {
            throw new NotFound("encoder version", search.version().toString());
        }
        List<Search.Hit> all = new ArrayList<>();
        search.queries().forEach((tier, query) -> rows.values().stream()
                .filter(row -> row.memory().tier() == tier
                        && !search.excluded().contains(row.memory().id())
                        && FilterEvaluation.matches(search.filter(), row.memory()))
                .flatMap(row -> Stream.ofNullable(row.vectors().get(search.version()))
                        .map(vector -> new Search.Hit(row.memory(), StoreModel.distance(query, vector))))
                .sorted(Comparator.comparingDouble(Search.Hit::distance)
                        .thenComparing(hit -> hit.memory().id()))
                .limit(search.k())
                .forEach(all::add));
        all.sort(Comparator.comparingDouble(Search.Hit::distance));
        return all;
    }

    @Override
    public synchronized Scan.Page scan(Scan scan) {
        requireOpen();
        Comparator<Memory> ascending = Comparator.comparing(Memory::time).thenComparing(Memory::id);
        Comparator<Memory> order = scan.newestFirst() ? ascending.reversed() : ascending;
        List<Memory> rest = rows.values().stream()
                .map(Row::memory)
                .filter(memory -> isAfter(memory, scan) && FilterEvaluation.matches(scan.filter(), memory))
                .sorted(order)
                .limit(scan.limit() + 1L)
                .toList();
        if (rest.size() <= scan.limit()) {
            return new Scan.Page(rest, null);
        }
        Memory last = rest.get(scan.limit() - 1);
        return new Scan.Page(rest.subList(0, scan.limit()), new Scan.Position(last.time(), last.id()));
    }

    private static boolean isAfter(Memory memory, Scan scan) {
        Scan.Position after = scan.after();
        if (after == null) {
            return true;
        }
        int byTime = memory.time().compareTo(after.time());
        int order = byTime != 0 ? byTime : memory.id().compareTo(after.id());
        return scan.newestFirst() ? order < 0 : order > 0;
    }

    @Override
    public synchronized List<Update.Outcome> update(List<Update> updates) {
        write("update");
        return updates.stream().map(this::update).toList();
    }

    private Update.Outcome update(Update update) {
        Row row = rows.get(update.id());
        if (row == null) {
            return Update.Outcome.MISSING;
        }
        Memory before = row.memory();
        if (update.expectedRevision().isPresent() && update.expectedRevision().getAsLong() != before.revision()) {
            return Update.Outcome.STALE;
        }
        switch (update.change()) {
            case Update.Edit edit -> {
                Memory after = Changed.numbered(Changed.edited(before, edit), before.revision() + 1, ++sequence);
                rows.put(update.id(), new Row(after, row.vectors()));
                record(ChangeEvent.Type.EDITED, after);
            }
            case Update.Demote demote -> {
                Memory after = Changed.numbered(Changed.demoted(before, demote), before.revision() + 1, ++sequence);
                requireActiveVector(after, demote.vectors());
                rows.put(update.id(), new Row(after, live(after.kind().modality(), demote.vectors())));
                record(ChangeEvent.Type.DEMOTED, after);
            }
            case Update.Remove remove -> delete(List.of(update.id()), remove.why());
        }
        return Update.Outcome.APPLIED;
    }

    @Override
    public synchronized void countRecalls(Map<String, Integer> counts, Instant at) {
        requireOpen();
        counts.forEach((id, count) -> rows.computeIfPresent(
                id, (_, row) -> new Row(Changed.recalled(row.memory(), count, at), row.vectors())));
    }

    @Override
    public synchronized Set<String> delete(Collection<String> ids, Departure why) {
        write("delete");
        Set<String> deleted = new LinkedHashSet<>();
        for (String id : ids) {
            Row row = rows.remove(id);
            if (row != null) {
                deleted.add(id);
                sequence++;
                record(
                        switch (why) {
                            case DELETED -> ChangeEvent.Type.DELETED;
                            case FORGOTTEN -> ChangeEvent.Type.FORGOTTEN;
                            case MERGED -> ChangeEvent.Type.MERGED;
                        },
                        row.memory());
            }
        }
        return deleted;
    }

    @Override
    public synchronized Statistics statistics() {
        requireOpen();
        Map<Statistics.Count, Long> counts = new HashMap<>();
        for (Row row : rows.values()) {
            Memory memory = row.memory();
            counts.merge(new Statistics.Count(memory.agent(), memory.kind(), memory.tier(), 0), 1L, Long::sum);
        }
        List<Statistics.Count> groups = counts.entrySet().stream()
                .map(group -> new Statistics.Count(
                        group.getKey().agent(),
                        group.getKey().kind(),
                        group.getKey().tier(),
                        group.getValue()))
                .toList();
        return new Statistics(groups, 0, 0, sequence);
    }

    @Override
    public synchronized long sequence() {
        requireOpen();
        return sequence;
    }

    @Override
    public synchronized List<ChangeEvent> changes(long after, int limit) {
        requireOpen();
        return changes.stream()
                .filter(change -> change.sequence() > after)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Set<EmbeddingVersion> versions() {
        requireOpen();
        Set<EmbeddingVersion> versions = new HashSet<>(active.values());
        versions.addAll(filling.values());
        return versions;
    }

    @Override
    public synchronized EmbeddingVersion activeVersion(Modality modality) {
        requireOpen();
        return Objects.requireNonNull(active.get(modality));
    }

    @Override
    public synchronized void beginVersion(EmbeddingVersion version) {
        write("beginVersion");
        EmbeddingVersion former = filling.put(version.modality(), version);
        if (former != null && !former.equals(version)) {
            rows.values().forEach(row -> row.vectors().remove(former));
        }
    }

    @Override
    public synchronized List<String> withoutVector(EmbeddingVersion version, int limit) {
        requireOpen();
        return rows.values().stream()
                .filter(row -> row.memory().kind().modality() == version.modality()
                        && !row.vectors().containsKey(version))
                .map(row -> row.memory().id())
                .sorted()
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized void putVectors(EmbeddingVersion version, Map<String, float[]> vectors) {
        write("putVectors");
        vectors.forEach((id, vector) -> {
            Row row = rows.get(id);
            if (row != null && row.memory().tier().resolution().dimensions() == vector.length) {
                row.vectors().put(version, vector.clone());
            }
        });
    }

    @Override
    public synchronized void activateVersion(EmbeddingVersion version) {
        write("activateVersion");
        if (!withoutVector(version, 1).isEmpty()) {
            throw new Conflict("version", "a memory has no vector of it");
        }
        EmbeddingVersion former = active.put(version.modality(), version);
        filling.remove(version.modality());
        if (!version.equals(former)) {
            rows.values().forEach(row -> row.vectors().remove(former));
        }
    }

    @Override
    public synchronized void discardVersion(EmbeddingVersion version) {
        write("discardVersion");
        filling.remove(version.modality(), version);
        rows.values().forEach(row -> row.vectors().remove(version));
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void write(String what) {
        requireOpen();
        beforeWrite.accept(what);
    }

    private void requireOpen() {
        if (closed) {
            throw new Unavailable("the store is closed", Duration.ofSeconds(1));
        }
    }

    private Row row(String id) {
        return Objects.requireNonNull(rows.get(id));
    }

    private void requireActiveVector(Memory memory, Map<EmbeddingVersion, float[]> vectors) {
        vectors.values().forEach(Changed::requireFinite);
        if (!vectors.containsKey(activeVersion(memory.kind().modality()))) {
            throw new Unavailable("no vector of the active version for " + memory.id(), Duration.ofMillis(50));
        }
    }

    private Map<EmbeddingVersion, float[]> live(Modality modality, Map<EmbeddingVersion, float[]> vectors) {
        Map<EmbeddingVersion, float[]> live = new HashMap<>();
        vectors.forEach((version, vector) -> {
            if (version.modality() == modality && versions().contains(version)) {
                live.put(version, vector.clone());
            }
        });
        return live;
    }

    private void record(ChangeEvent.Type type, Memory memory) {
        changes.add(new ChangeEvent(sequence, type, memory.id(), memory.agent(), memory.tier(), clock.instant()));
    }

    private record Row(Memory memory, Map<EmbeddingVersion, float[]> vectors) {}

    private record Keyed(String fingerprint, List<Appended.Outcome> outcomes) {}
}
