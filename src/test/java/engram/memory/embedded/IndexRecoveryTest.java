package engram.memory.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import engram.memory.Departure;
import engram.memory.MemoryStore;
import engram.memory.Search;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index is only ever a copy: whatever happens to its files, the answers stay the same. */
class IndexRecoveryTest {
    @TempDir
    Path directory;

    private List<Search.Hit> expected;

    @BeforeEach
    void fill() {
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(directory)) {
            MemoryStore store = EmbeddedStoreContracts.filled(stores, "space", 300);
            store.delete(List.of("m7", "m11"), Departure.DELETED);
            expected = answers(store);
        }
    }

    /** Exact ones, because graphs that were built in another order may find others. */
    private static List<Search.Hit> answers(MemoryStore store) {
        List<Search.Hit> hits = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Search near = EmbeddedStoreContracts.search("m" + i, 5);
            hits.addAll(store.search(
                    new Search(near.version(), near.queries(), near.k(), near.filter(), near.excluded(), true)));
        }
        return hits;
    }

    private void assertSameAnswers() {
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(directory)) {
            assertThat(answers(stores.open("space"))).isEqualTo(expected);
        }
    }

    private Path index() {
        return directory.resolve("spaces/space/index/state-v0");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(index())) {
            return files.filter(file -> !file.endsWith("write.lock")).sorted().toList();
        }
    }

    @Test
    void isBuiltAnewWhenItsDirectoryIsGone() throws IOException {
        FileTrees.deleteTree(directory.resolve("spaces/space/index"));
        assertSameAnswers();
        assertThat(files()).isNotEmpty();
    }

    @Test
    void isBuiltAnewWhenAnyFileIsGone() throws IOException {
        for (int i = 0; i < files().size(); i++) {
            Files.delete(files().get(i));
            assertSameAnswers();
        }
    }

    @Test
    void isBuiltAnewWhenAnyFileIsCutOff() throws IOException {
        for (int i = 0; i < files().size(); i++) {
            try (RandomAccessFile file = new RandomAccessFile(files().get(i).toFile(), "rw")) {
                file.setLength(file.length() / 2);
            }
            assertSameAnswers();
        }
    }

    @Test
    void isBuiltAnewWhenABitOfAnyFileFlips() throws IOException {
        for (int i = 0; i < files().size(); i++) {
            Path damaged = files().get(i);
            byte[] before = Files.readAllBytes(damaged);
            byte[] after = before.clone();
            after[after.length / 2] ^= 0x10;
            Files.write(damaged, after);
            assertSameAnswers();
        }
    }

    @Test
    void isNotTakenFromAnotherSpace() throws IOException {
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(directory)) {
            EmbeddedStoreContracts.filled(stores, "other", 5);
        }
        FileTrees.deleteTree(index());
        Files.move(directory.resolve("spaces/other/index/state-v0"), index());
        assertSameAnswers();
    }

    @Test
    void isNotTakenWhenItIsAheadOfItsRecord() throws IOException {
        Path record = directory.resolve("spaces/space/memory.db");
        byte[] earlier = Files.readAllBytes(record);
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(directory)) {
            stores.open("space").delete(List.of("m1", "m2"), Departure.DELETED);
        }
        Files.write(record, earlier);
        assertSameAnswers();
    }

    @Test
    void catchesUpWithWhatWasWrittenWithoutIt() throws IOException {
        Path kept = directory.resolve("kept");
        copy(index(), kept);
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(directory)) {
            MemoryStore store = stores.open("space");
            store.delete(List.of("m3"), Departure.DELETED);
            EmbeddedStoreContracts.append(store, "new");
            expected = answers(store);
        }
        FileTrees.deleteTree(index());
        Files.move(kept, index());
        assertSameAnswers();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
