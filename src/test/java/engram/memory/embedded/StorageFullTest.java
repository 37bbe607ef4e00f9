package engram.memory.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import engram.error.StorageFull;
import engram.memory.Append;
import engram.memory.Departure;
import engram.memory.Entry;
import engram.memory.JsonObject;
import engram.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageFullTest {
    private static final int BATCH = 20;

    @TempDir
    Path directory;

    @Test
    void refusesWritesAndGoesOnReading() {
        EmbeddedSettings settings = EmbeddedStoreContracts.settings();
        EmbeddedSettings small = new EmbeddedSettings(settings.record().withSizeLimit(1_500_000), settings.index());
        List<String> stored = new ArrayList<>();
        try (EmbeddedMemoryStores stores = new EmbeddedMemoryStores(directory, small, Clock.systemUTC())) {
            stores.putSettings("space", JsonObject.EMPTY, OptionalLong.empty());
            MemoryStore store = stores.open("space");
            List<String> refused = fillUp(store, stored);
            assertThat(stored).hasSizeGreaterThan(BATCH);
            assertThat(store.get(refused)).isEmpty();
            assertThat(store.get(stored)).hasSameSizeAs(stored);
            assertThat(store.statistics().total()).isEqualTo(stored.size());
            assertThat(EmbeddedStoreContracts.nearest(store, stored.getFirst(), 1))
                    .containsExactly(stored.getFirst());
            assertThat(EmbeddedStoreContracts.nearest(store, refused.getFirst(), 3))
                    .doesNotContainAnyElementsOf(refused);

            List<String> removed = List.copyOf(stored.subList(0, 2 * BATCH));
            assertThat(store.delete(removed, Departure.DELETED)).hasSize(2 * BATCH);
            stored.removeAll(removed);
            EmbeddedStoreContracts.append(store, refused.getFirst());
            stored.add(refused.getFirst());
        }
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(directory)) {
            MemoryStore store = stores.open("space");
            assertThat(store.get(stored)).hasSameSizeAs(stored);
            EmbeddedStoreContracts.append(store, "after");
            assertThat(store.statistics().total()).isEqualTo(stored.size() + 1);
        }
    }

    /** Returns the ids of the batch that was refused. */
    private static List<String> fillUp(MemoryStore store, List<String> stored) {
        for (int batch = 0; batch < 1_000; batch++) {
            int from = batch * BATCH;
            List<String> ids =
                    IntStream.range(from, from + BATCH).mapToObj(i -> "m" + i).toList();
            List<Entry> entries =
                    ids.stream().map(EmbeddedStoreContracts::entry).toList();
            Throwable failure = catchThrowable(() -> store.append(new Append(entries, Optional.empty())));
            if (failure != null) {
                assertThat(failure).isInstanceOf(StorageFull.class);
                return ids;
            }
            stored.addAll(ids);
        }
        throw new AssertionError("the limit was never reached");
    }
}
