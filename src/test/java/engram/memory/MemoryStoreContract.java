package engram.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Conflict;
import engram.error.NonRetriable;
import engram.error.Unavailable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What every store of memories does with what is written into it. */
public abstract class MemoryStoreContract extends StoreContract {
    @Test
    void keepsWhatIsAppended() {
        StoreModel model = new StoreModel();
        fill(model, 200);
        Map<String, Memory> stored = store.get(model.ids());
        assertThat(stored).hasSize(200);
        stored.forEach((id, memory) -> {
            assertThat(StoreModel.comparable(memory)).isEqualTo(StoreModel.comparable(model.get(id)));
            assertThat(memory.sequence()).isPositive();
        });
        assertThat(store.get(List.of("nobody"))).isEmpty();
    }

    @Test
    void givesBackVectorsOfTheTierAMemoryIsIn() {
        Entry entry = memories.entry(Kind.STATE, Tier.IM, store.versions());
        append(entry);
        String id = entry.memory().id();
        assertThat(store.vectors(List.of(id, "nobody"), RandomMemories.STATE_0))
                .containsOnlyKeys(id)
                .extractingByKey(id)
                .isEqualTo(entry.vectors().get(RandomMemories.STATE_0));
        assertThat(store.vectors(List.of(id), RandomMemories.TEXT_0)).isEmpty();
    }

    @Test
    void reportsAnIdThatExistsAndStoresTheRest() {
        Entry first = memories.entry(store.versions());
        Entry second = memories.entry(store.versions());
        append(first);
        Entry again = new Entry(
                Memories.memory(first.memory().id()).agent("thief").build(),
                memories.vectors(Modality.STATE, Tier.STM, store.versions()));
        Appended appended = append(again, second, second);
        assertThat(appended.outcomes())
                .containsExactly(
                        new Appended.Duplicate(first.memory().id()),
                        new Appended.Stored(
                                second.memory().id(), second.memory().tier(), 1),
                        new Appended.Duplicate(second.memory().id()));
        assertThat(StoreModel.comparable(one(first.memory().id()))).isEqualTo(StoreModel.comparable(first.memory()));
        assertThat(store.statistics().total()).isEqualTo(2);
    }

    @Test
    void refusesEntriesWithoutAVectorOfTheActiveVersion() {
        Entry bare = new Entry(Memories.memory("bare").build(), Map.of());
        assertThatThrownBy(() -> append(memories.entry(store.versions()), bare)).isInstanceOf(Unavailable.class);
        assertThat(store.statistics().total()).isZero();
    }

    @Test
    void refusesVectorsThatAreNotFinite() {
        float[] broken = new float[384];
        broken[7] = Float.NaN;
        Entry entry = new Entry(Memories.memory("broken").build(), Map.of(RandomMemories.STATE_0, broken));
        assertThatThrownBy(() -> append(entry)).isInstanceOf(NonRetriable.class);
        assertThat(store.get(List.of("broken"))).isEmpty();
    }

    @Test
    void doesWhatAKeyStandsForOnce() {
        List<Entry> entries = List.of(memories.entry(store.versions()), memories.entry(store.versions()));
        Append append = new Append(entries, Optional.of(new IdempotencyKey("key", "print")));
        Appended first = store.append(append);
        assertThat(first.replayed()).isFalse();
        store.delete(List.of(entries.getFirst().memory().id()), Departure.DELETED);
        Appended second = store.append(append);
        assertThat(second.replayed()).isTrue();
        assertThat(second.outcomes()).isEqualTo(first.outcomes());
        assertThat(store.statistics().total()).isEqualTo(1);
    }

    @Test
    void refusesAKeyThatStandsForSomethingElse() {
        store.append(
                new Append(List.of(memories.entry(store.versions())), Optional.of(new IdempotencyKey("key", "print"))));
        Append other =
                new Append(List.of(memories.entry(store.versions())), Optional.of(new IdempotencyKey("key", "other")));
        assertThatThrownBy(() -> store.append(other)).isInstanceOf(Conflict.class);
        assertThat(store.statistics().total()).isEqualTo(1);
    }

    @Test
    void editsDemotesAndDeletesLikeTheModel() {
        StoreModel model = new StoreModel();
        fill(model, 150);
        for (int i = 0; i < 150; i++) {
            List<String> ids = List.copyOf(model.ids());
            String id = ids.get(random.nextInt(ids.size()));
            Memory before = model.get(id);
            if (random.nextInt(5) == 0) {
                assertThat(store.delete(List.of(id, "nobody"), Departure.FORGOTTEN))
                        .containsExactly(id);
                model.delete(id);
            } else if (before.tier().below().isPresent() && random.nextBoolean()) {
                Tier tier = before.tier().below().get();
                Update.Demote demote = new Update.Demote(
                        tier,
                        Memories.json("{'kept':1}"),
                        true,
                        memories.vectors(before.kind().modality(), tier, store.versions()));
                assertThat(update(id, OptionalLong.of(before.revision()), demote))
                        .isEqualTo(Update.Outcome.APPLIED);
                model.demote(id, demote);
            } else {
                Update.Edit edit = new Update.Edit(
                        random.nextBoolean() ? random.nextDouble() : null,
                        random.nextInt(4) == 0,
                        random.nextBoolean() ? JsonObject.of(memories.tags()) : null,
                        random.nextBoolean() ? (Boolean) random.nextBoolean() : null);
                assertThat(update(id, OptionalLong.empty(), edit)).isEqualTo(Update.Outcome.APPLIED);
                model.edit(id, edit);
            }
        }
        Map<String, Memory> stored = store.get(model.ids());
        assertThat(stored.keySet()).isEqualTo(model.ids());
        stored.forEach((id, memory) ->
                assertThat(StoreModel.comparable(memory)).isEqualTo(StoreModel.comparable(model.get(id))));
        assertCounts(model);
    }

    private Update.Outcome update(String id, OptionalLong revision, Update.Change change) {
        return store.update(List.of(new Update(id, revision, change))).getFirst();
    }

    private void assertCounts(StoreModel model) {
        Map<Statistics.Count, Long> expected = new HashMap<>();
        model.all()
                .values()
                .forEach(memory -> expected.merge(
                        new Statistics.Count(memory.agent(), memory.kind(), memory.tier(), 0), 1L, Long::sum));
        Map<Statistics.Count, Long> counted = new HashMap<>();
        store.statistics()
                .counts()
                .forEach(count -> counted.put(
                        new Statistics.Count(count.agent(), count.kind(), count.tier(), 0), count.memories()));
        assertThat(counted).isEqualTo(expected);
    }

    @Test
    void tellsMissingAndStaleUpdatesApart() {
        Entry entry = memories.entry(store.versions());
        append(entry);
        String id = entry.memory().id();
        Update.Edit pin = new Update.Edit(null, false, null, true);
        assertThat(store.update(List.of(
                        new Update("nobody", OptionalLong.empty(), pin),
                        new Update(id, OptionalLong.of(2), pin),
                        new Update(id, OptionalLong.of(1), pin),
                        new Update(id, OptionalLong.of(1), pin))))
                .containsExactly(
                        Update.Outcome.MISSING, Update.Outcome.STALE, Update.Outcome.APPLIED, Update.Outcome.STALE);
        assertThat(one(id).revision()).isEqualTo(2);
        assertThat(one(id).pinned()).isTrue();
    }

    @Test
    void removesOnlyTheRevisionThatIsMeant() {
        Entry entry = memories.entry(store.versions());
        append(entry);
        String id = entry.memory().id();
        Update.Remove remove = new Update.Remove(Departure.DELETED);
        Update.Edit pin = new Update.Edit(null, false, null, true);
        assertThat(store.update(List.of(
                        new Update("nobody", OptionalLong.empty(), remove),
                        new Update(id, OptionalLong.of(1), pin),
                        new Update(id, OptionalLong.of(1), remove))))
                .containsExactly(Update.Outcome.MISSING, Update.Outcome.APPLIED, Update.Outcome.STALE);
        assertThat(one(id).pinned()).isTrue();
        assertThat(store.update(List.of(
                        new Update(id, OptionalLong.of(2), remove), new Update(id, OptionalLong.empty(), remove))))
                .containsExactly(Update.Outcome.APPLIED, Update.Outcome.MISSING);
        assertThat(store.get(List.of(id))).isEmpty();
        assertThat(store.statistics().total()).isZero();
        assertThat(store.changes(0, 10)).extracting(ChangeEvent::type).endsWith(ChangeEvent.Type.DELETED);
    }

    @Test
    void countsRecallsWithoutANewRevision() {
        Entry entry = memories.entry(store.versions());
        append(entry);
        String id = entry.memory().id();
        Memory before = one(id);
        Instant at = Memories.NOON.plusSeconds(60);
        store.countRecalls(Map.of(id, 2, "nobody", 1), at);
        store.countRecalls(Map.of(id, 1), at.minusSeconds(5));
        Memory after = one(id);
        assertThat(after.recalls()).isEqualTo(before.recalls() + 3);
        assertThat(after.lastRecalled()).isEqualTo(at);
        assertThat(after.revision()).isEqualTo(before.revision());
        assertThat(after.sequence()).isEqualTo(before.sequence());
    }

    @Test
    void feedsChangesInOrder() {
        Entry first = memories.entry(Kind.STATE, Tier.STM, store.versions());
        Entry second = memories.entry(Kind.TEXT, Tier.LTM, store.versions());
        append(first, second);
        update(first.memory().id(), OptionalLong.empty(), new Update.Edit(0.5, false, null, null));
        store.delete(List.of(second.memory().id()), Departure.MERGED);
        List<ChangeEvent> changes = store.changes(0, 100);
        assertThat(changes)
                .extracting(ChangeEvent::type)
                .containsExactly(
                        ChangeEvent.Type.NEW, ChangeEvent.Type.NEW, ChangeEvent.Type.EDITED, ChangeEvent.Type.MERGED);
        assertThat(changes).extracting(ChangeEvent::sequence).isSorted().doesNotHaveDuplicates();
        assertThat(store.changes(changes.get(1).sequence(), 1)).containsExactly(changes.get(2));
        assertThat(one(first.memory().id()).sequence()).isEqualTo(changes.get(2).sequence());
        assertThat(store.sequence()).isGreaterThanOrEqualTo(changes.getLast().sequence());
        assertThat(store.statistics().sequence()).isEqualTo(store.sequence());
    }

    @Test
    void keepsEveryWriteOfManyWriters() throws Exception {
        long writers = 8;
        int each = 25;
        Set<EmbeddingVersion> versions = store.versions();
        List<List<Entry>> work = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                entries.add(memories.entry(versions));
            }
            work.add(entries);
        }
        AtomicBoolean missed = new AtomicBoolean();
        try (ExecutorService executor = Executors.newFixedThreadPool((int) writers)) {
            List<Future<?>> futures = new ArrayList<>();
            for (List<Entry> entries : work) {
                futures.add(executor.submit(() -> entries.forEach(entry -> {
                    append(entry);
                    if (store.get(List.of(entry.memory().id())).isEmpty()) {
                        missed.set(true);
                    }
                })));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        assertThat(missed).isFalse();
        Set<Long> sequences = new HashSet<>();
        for (List<Entry> entries : work) {
            entries.forEach(entry -> sequences.add(one(entry.memory().id()).sequence()));
        }
        assertThat(sequences).hasSize((int) (writers * each));
        assertThat(store.statistics().total()).isEqualTo(writers * each);
    }

    @Test
    void isUnavailableOnceClosed() {
        store.close();
        assertThatThrownBy(() -> store.get(List.of("a"))).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> append(memories.entry(Set.of(RandomMemories.STATE_0, RandomMemories.TEXT_0))))
                .isInstanceOf(Unavailable.class);
    }

    private Memory one(String id) {
        Memory memory = store.get(List.of(id)).get(id);
        if (memory == null) {
            throw new AssertionError("no memory " + id);
        }
        return memory;
    }
}
