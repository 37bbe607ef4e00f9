package engram.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.NotFound;
import engram.error.PreconditionFailed;
import engram.error.Unavailable;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every holder of spaces does. */
public abstract class MemoryStoresContract extends StoreContract {
    @Test
    void keepsSettingsWithTheirRevision() {
        JsonObject first = Memories.json("{'schema':1}");
        JsonObject second = Memories.json("{'schema':2}");
        assertThat(stores.settings("arena")).isEmpty();
        assertThat(stores.putSettings("arena", first, OptionalLong.empty()))
                .isEqualTo(new MemoryStores.Settings(first, 1));
        assertThat(stores.putSettings("arena", second, OptionalLong.of(1)))
                .isEqualTo(new MemoryStores.Settings(second, 2));
        assertThatThrownBy(() -> stores.putSettings("arena", first, OptionalLong.of(1)))
                .isInstanceOf(PreconditionFailed.class);
        assertThatThrownBy(() -> stores.putSettings("new", first, OptionalLong.of(1)))
                .isInstanceOf(PreconditionFailed.class);
        assertThat(stores.settings("arena")).contains(new MemoryStores.Settings(second, 2));
        assertThat(stores.names()).contains("arena").doesNotContain("new").isSorted();
    }

    @Test
    void opensOneStoreForAll() {
        assertThat(stores.open(space)).isSameAs(store);
        assertThatThrownBy(() -> stores.open("nowhere")).isInstanceOf(NotFound.class);
    }

    @Test
    void beginsWithVersionZero() {
        assertThat(store.versions()).containsExactlyInAnyOrder(RandomMemories.STATE_0, RandomMemories.TEXT_0);
        assertThat(store.activeVersion(Modality.TEXT)).isEqualTo(RandomMemories.TEXT_0);
        assertThat(store.search(search(RandomMemories.STATE_0, 3, Filter.ALL, false)))
                .isEmpty();
        assertThat(store.scan(new Scan(Filter.ALL, true, null, 3))).isEqualTo(new Scan.Page(List.of(), null));
        assertThat(store.changes(0, 3)).isEmpty();
        assertThat(store.statistics().total()).isZero();
    }

    @Test
    void keepsSpacesApart() {
        stores.putSettings("other", JsonObject.EMPTY, OptionalLong.empty());
        MemoryStore other = stores.open("other");
        Entry entry = memories.entry(Kind.STATE, Tier.STM, store.versions());
        append(entry);
        assertThat(other.get(List.of(entry.memory().id()))).isEmpty();
        assertThat(other.search(search(RandomMemories.STATE_0, 3, Filter.ALL, true)))
                .isEmpty();
        assertThat(other.append(new Append(List.of(entry), Optional.empty())).outcomes())
                .hasOnlyElementsOfType(Appended.Stored.class);
    }

    @Test
    void removesASpaceWithEverythingInIt() {
        append(memories.entry(store.versions()));
        assertThat(stores.delete(space)).isTrue();
        assertThat(stores.delete(space)).isFalse();
        assertThat(stores.names()).doesNotContain(space);
        assertThat(stores.settings(space)).isEmpty();
        assertThatThrownBy(() -> stores.open(space)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> store.statistics()).isInstanceOf(Unavailable.class);
        stores.putSettings(space, JsonObject.EMPTY, OptionalLong.empty());
        assertThat(stores.open(space).statistics().total()).isZero();
    }

    @Test
    void hasWhatWasWrittenAfterOpeningAgain() throws Exception {
        StoreModel model = new StoreModel();
        fill(model, 120);
        String gone = List.copyOf(model.ids()).getFirst();
        store.delete(List.of(gone), Departure.DELETED);
        model.delete(gone);
        store.countRecalls(Map.of(List.copyOf(model.ids()).getLast(), 3), Memories.NOON);
        Set<EmbeddingVersion> versions = store.versions();
        Search search = search(RandomMemories.STATE_0, 50, Filter.ALL, true);
        Map<String, Memory> before = store.get(model.ids());
        List<Search.Hit> hits = store.search(search);
        stores.close();
        stores = openStores(Clock.systemUTC());
        store = stores.open(space);
        assertThat(store.versions()).isEqualTo(versions);
        assertThat(store.get(model.ids())).isEqualTo(before);
        assertThat(store.get(List.of(gone))).isEmpty();
        assertThat(store.search(search)).isEqualTo(hits);
        Entry entry = memories.entry(Kind.STATE, Tier.STM, versions);
        append(entry);
        assertThat(store.get(List.of(entry.memory().id())).values()).allSatisfy(memory -> assertThat(before.values())
                .allSatisfy(old -> assertThat(memory.sequence()).isGreaterThan(old.sequence())));
    }
}
