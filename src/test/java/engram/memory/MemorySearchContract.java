package engram.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import engram.error.Conflict;
import engram.error.NotFound;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every store of memories finds. */
public abstract class MemorySearchContract extends StoreContract {
    private static final EmbeddingVersion STATE_1 = new EmbeddingVersion(Modality.STATE, 1);
    private static final double TOLERANCE = 1e-3;

    @Test
    void findsTheNearestOfEachTier() {
        StoreModel model = new StoreModel();
        fill(model, 400);
        for (int i = 0; i < 40; i++) {
            Search search = search(RandomMemories.STATE_0, 1 + random.nextInt(30), Filter.ALL, true);
            assertExact(search, model, store.search(search));
        }
    }

    @Test
    void approximatesTheNearestWell() {
        StoreModel model = new StoreModel();
        fill(model, 600);
        double kept = 0;
        int searches = 40;
        for (int i = 0; i < searches; i++) {
            Search search = search(RandomMemories.STATE_0, 10, Filter.ALL, false);
            Set<String> expected = model.nearest(search, Tier.STM).stream()
                    .map(StoreModel.Near::id)
                    .collect(Collectors.toSet());
            long found = store.search(search).stream()
                    .filter(hit -> expected.contains(hit.memory().id()))
                    .count();
            kept += (double) found / expected.size();
        }
        assertThat(kept / searches).isGreaterThan(0.95);
    }

    @Test
    void selectsWhatFiltersMean() {
        StoreModel model = new StoreModel();
        fill(model, 300);
        store.delete(model.ids().stream().limit(20).toList(), Departure.DELETED);
        List.copyOf(model.ids()).stream().limit(20).forEach(model::delete);
        for (int i = 0; i < 1_000; i++) {
            Filter filter = memories.filter(0);
            Search search = search(pickVersion(), 300, filter, i % 2 == 0);
            assertThat(ids(store.search(search)))
                    .as(filter.toString())
                    .containsExactlyInAnyOrderElementsOf(expectedIds(model, search));
            if (i % 10 == 0) {
                assertThat(store.scan(new Scan(filter, false, null, 1_000)).memories())
                        .as(filter.toString())
                        .extracting(Memory::id)
                        .containsExactlyElementsOf(model.scan(filter, false));
            }
        }
    }

    private EmbeddingVersion pickVersion() {
        return random.nextInt(4) == 0 ? RandomMemories.TEXT_0 : RandomMemories.STATE_0;
    }

    private static List<String> ids(List<Search.Hit> hits) {
        return hits.stream().map(hit -> hit.memory().id()).toList();
    }

    private static List<String> expectedIds(StoreModel model, Search search) {
        List<String> ids = new ArrayList<>();
        for (Tier tier : Tier.values()) {
            model.nearest(search, tier).forEach(near -> ids.add(near.id()));
        }
        return ids;
    }

    private static void assertExact(Search search, StoreModel model, List<Search.Hit> hits) {
        assertThat(hits).extracting(Search.Hit::distance).isSorted();
        for (Tier tier : search.queries().keySet()) {
            List<StoreModel.Near> expected = model.nearest(search, tier);
            List<Search.Hit> found =
                    hits.stream().filter(hit -> hit.memory().tier() == tier).toList();
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i).distance())
                        .isCloseTo(
                                expected.get(i).distance(),
                                within(TOLERANCE * (1 + expected.get(i).distance())));
            }
            assertThat(ids(found))
                    .containsAll(
                            expected.stream().map(StoreModel.Near::id).limit(1).toList());
        }
    }

    @Test
    void giveDistanceZeroToTheMemoryItself() {
        Entry entry = memories.entry(Kind.STATE, Tier.STM, store.versions());
        append(entry, memories.entry(Kind.STATE, Tier.STM, store.versions()));
        Search search = new Search(
                RandomMemories.STATE_0,
                Map.of(Tier.STM, vector(entry, RandomMemories.STATE_0)),
                1,
                Filter.ALL,
                Set.of(),
                false);
        List<Search.Hit> hits = store.search(search);
        assertThat(ids(hits)).containsExactly(entry.memory().id());
        assertThat(hits.getFirst().distance()).isCloseTo(0, within(1e-3));
    }

    private static float[] vector(Entry entry, EmbeddingVersion version) {
        float[] vector = entry.vectors().get(version);
        if (vector == null) {
            throw new AssertionError("no vector of " + version);
        }
        return vector;
    }

    @Test
    void leavesOutExcludedIds() {
        StoreModel model = new StoreModel();
        fill(model, 100);
        Search all = search(RandomMemories.STATE_0, 20, Filter.ALL, true);
        Set<String> excluded = Set.copyOf(ids(store.search(all)).subList(0, 9));
        Search rest = new Search(all.version(), all.queries(), all.k(), all.filter(), excluded, true);
        assertExact(rest, model, store.search(rest));
    }

    @Test
    void seesEveryWriteAtOnce() {
        StoreModel model = new StoreModel();
        for (int i = 0; i < 120; i++) {
            Entry entry = memories.entry(Kind.STATE, Tier.STM, store.versions());
            append(entry);
            model.append(entry);
            String id = entry.memory().id();
            Search search = new Search(
                    RandomMemories.STATE_0,
                    Map.of(
                            Tier.STM, vector(entry, RandomMemories.STATE_0),
                            Tier.IM, memories.vector(Tier.IM)),
                    3,
                    Filter.ALL,
                    Set.of(),
                    false);
            assertThat(ids(store.search(search))).contains(id);
            switch (random.nextInt(4)) {
                case 0 -> {
                    store.delete(List.of(id), Departure.DELETED);
                    model.delete(id);
                    assertThat(ids(store.search(search))).doesNotContain(id);
                }
                case 1 -> {
                    Update.Demote demote = new Update.Demote(
                            Tier.IM,
                            JsonObject.EMPTY,
                            true,
                            memories.vectors(Modality.STATE, Tier.IM, store.versions()));
                    store.update(List.of(new Update(id, OptionalLong.empty(), demote)));
                    model.demote(id, demote);
                    Search narrow = new Search(
                            RandomMemories.STATE_0,
                            Map.of(Tier.STM, vector(entry, RandomMemories.STATE_0)),
                            1,
                            Filter.ALL,
                            Set.of(),
                            false);
                    assertThat(ids(store.search(narrow))).doesNotContain(id);
                }
                case 2 -> {
                    Update.Edit edit = new Update.Edit(null, false, Memories.json("{'seen':true}"), null);
                    store.update(List.of(new Update(id, OptionalLong.empty(), edit)));
                    model.edit(id, edit);
                    Filter seen = new Filter.Exists(new Filter.Field.Tag("seen"));
                    Search filtered = new Search(search.version(), search.queries(), 1, seen, Set.of(), false);
                    assertThat(ids(store.search(filtered))).contains(id);
                }
                default -> {}
            }
            Search any = search(RandomMemories.STATE_0, 5, Filter.ALL, true);
            assertExact(any, model, store.search(any));
        }
    }

    @Test
    void pagesThroughEverythingOnceWhileWritersGoOn() throws Exception {
        StoreModel model = new StoreModel();
        fill(model, 300);
        Set<EmbeddingVersion> versions = store.versions();
        AtomicBoolean stop = new AtomicBoolean();
        RandomMemories others = new RandomMemories(new Random(random.nextLong()), "other");
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<?> writer = executor.submit(() -> {
                while (!stop.get()) {
                    append(others.entry(versions));
                }
            });
            try {
                for (boolean newestFirst : List.of(true, false)) {
                    List<String> seen = new ArrayList<>();
                    Scan.Position position = null;
                    do {
                        Scan.Page page = store.scan(new Scan(Filter.ALL, newestFirst, position, 7));
                        page.memories().forEach(memory -> seen.add(memory.id()));
                        position = page.next();
                    } while (position != null);
                    assertThat(seen).doesNotHaveDuplicates();
                    assertThat(seen.stream().filter(id -> id.startsWith("m")).toList())
                            .containsExactlyElementsOf(model.scan(Filter.ALL, newestFirst));
                }
            } finally {
                stop.set(true);
            }
            writer.get();
        }
    }

    @Test
    void switchesVersionsWhileSearchesGoOn() throws Exception {
        StoreModel model = new StoreModel();
        fill(model, 200);
        assertThat(store.activeVersion(Modality.STATE)).isEqualTo(RandomMemories.STATE_0);
        store.beginVersion(STATE_1);
        assertThat(store.versions()).contains(STATE_1, RandomMemories.STATE_0);
        assertThat(store.activeVersion(Modality.STATE)).isEqualTo(RandomMemories.STATE_0);
        assertThatThrownBy(() -> store.activateVersion(STATE_1)).isInstanceOf(Conflict.class);
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<?> searcher = executor.submit(() -> {
                while (!stop.get()) {
                    assertThat(searchActive(5)).isNotEmpty();
                }
            });
            try {
                fillVersion(model);
                fill(model, 30);
                fillVersion(model);
                store.activateVersion(STATE_1);
                assertThat(store.activeVersion(Modality.STATE)).isEqualTo(STATE_1);
            } finally {
                stop.set(true);
            }
            searcher.get();
        }
        assertThat(store.versions()).contains(STATE_1).doesNotContain(RandomMemories.STATE_0);
        assertThatThrownBy(() -> store.search(search(RandomMemories.STATE_0, 1, Filter.ALL, true)))
                .isInstanceOf(NotFound.class);
        for (int i = 0; i < 20; i++) {
            Search search = search(STATE_1, 10, Filter.ALL, true);
            assertExact(search, model, store.search(search));
        }
        fill(model, 20);
        Search search = search(STATE_1, 10, Filter.ALL, true);
        assertExact(search, model, store.search(search));
    }

    private List<Search.Hit> searchActive(int k) {
        while (true) {
            try {
                return store.search(new Search(
                        store.activeVersion(Modality.STATE),
                        Map.of(Tier.STM, new float[Tier.STM.resolution().dimensions()]),
                        k,
                        Filter.ALL,
                        Set.of(),
                        false));
            } catch (NotFound switched) {
                // The version was switched between the two calls.
            }
        }
    }

    private void fillVersion(StoreModel model) {
        List<String> without = store.withoutVector(STATE_1, 50);
        while (!without.isEmpty()) {
            Map<String, float[]> vectors = new HashMap<>();
            for (String id : without) {
                float[] vector = memories.vector(model.get(id).tier());
                vectors.put(id, vector);
                model.put(STATE_1, id, vector);
            }
            vectors.put("gone", new float[384]);
            store.putVectors(STATE_1, vectors);
            without = store.withoutVector(STATE_1, 50);
        }
    }

    @Test
    void discardsAVersionAndBeginsItAnew() {
        StoreModel model = new StoreModel();
        fill(model, 60);
        store.beginVersion(STATE_1);
        fillVersion(model);
        store.discardVersion(STATE_1);
        assertThat(store.versions()).doesNotContain(STATE_1);
        assertThatThrownBy(() -> store.search(search(STATE_1, 1, Filter.ALL, true)))
                .isInstanceOf(NotFound.class);
        store.beginVersion(STATE_1);
        assertThat(store.search(search(STATE_1, 5, Filter.ALL, true))).isEmpty();
        assertThat(store.withoutVector(STATE_1, 1_000))
                .hasSameSizeAs(model.all().values().stream()
                        .filter(memory -> memory.kind().modality() == Modality.STATE)
                        .toList());
    }

    @Test
    void dropsTheVectorsThatADemotionDoesNotBring() {
        Entry entry = memories.entry(Kind.STATE, Tier.STM, store.versions());
        append(entry);
        String id = entry.memory().id();
        store.beginVersion(STATE_1);
        store.putVectors(STATE_1, Map.of(id, memories.vector(Tier.STM)));
        assertThat(store.withoutVector(STATE_1, 10)).isEmpty();
        Update.Demote demote = new Update.Demote(
                Tier.IM, JsonObject.EMPTY, true, Map.of(RandomMemories.STATE_0, memories.vector(Tier.IM)));
        store.update(List.of(new Update(id, OptionalLong.empty(), demote)));
        assertThat(store.withoutVector(STATE_1, 10)).containsExactly(id);
        store.putVectors(STATE_1, Map.of(id, memories.vector(Tier.STM)));
        assertThat(store.withoutVector(STATE_1, 10)).containsExactly(id);
    }
}
