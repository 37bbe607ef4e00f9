package engram.memory.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Damaged;
import engram.memory.Filter;
import engram.memory.Kind;
import engram.memory.Memories;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.MemoryStores;
import engram.memory.Scan;
import engram.memory.StoreModel;
import engram.memory.Tier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records written by earlier versions stay readable. {@link FormatFixture} wrote them. */
class OldFormatTest {
    @TempDir
    Path directory;

    private void unpack(int format) throws IOException {
        Path space = directory.resolve("spaces/old");
        Files.createDirectories(space);
        try (InputStream packed = OldFormatTest.class.getResourceAsStream("format-" + format + ".db.gz")) {
            assertThat(packed).isNotNull();
            Files.copy(new GZIPInputStream(packed), space.resolve("memory.db"));
        }
    }

    @Test
    void readsFormatOne() throws IOException {
        unpack(1);
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(directory)) {
            assertThat(stores.settings("old")).contains(new MemoryStores.Settings(Memories.json("{'made':'once'}"), 1));
            MemoryStore store = stores.open("old");
            List<Memory> memories =
                    store.scan(new Scan(Filter.ALL, false, null, 100)).memories();
            assertThat(memories).hasSize(FormatFixture.MEMORIES);
            assertThat(store.statistics().total()).isEqualTo(FormatFixture.MEMORIES);
            for (int i = 0; i < FormatFixture.MEMORIES; i++) {
                Memory expected = FormatFixture.entry(i).memory();
                assertThat(StoreModel.comparable(memories.get(i))).isEqualTo(StoreModel.comparable(expected));
            }
            assertThat(memories).extracting(Memory::kind).contains(Kind.values());
            assertThat(memories).extracting(Memory::tier).contains(Tier.values());
            assertThat(EmbeddedStoreContracts.nearest(store, "m0", 1)).containsExactly("m0");
            EmbeddedStoreContracts.append(store, "new");
            assertThat(EmbeddedStoreContracts.nearest(store, "new", 1)).containsExactly("new");
        }
    }

    @Test
    void refusesAFormatOfTheFuture() throws Exception {
        unpack(1);
        try (Database database = Database.openWriter(directory.resolve("spaces/old/memory.db"), 0)) {
            database.execute("PRAGMA user_version=" + (RecordSchema.FORMAT + 1));
        }
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(directory)) {
            assertThatThrownBy(() -> stores.open("old"))
                    .isInstanceOf(Damaged.class)
                    .hasMessageContaining("format " + (RecordSchema.FORMAT + 1));
        }
    }
}
