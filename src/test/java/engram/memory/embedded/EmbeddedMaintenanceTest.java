package engram.memory.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Damaged;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import engram.memory.Filter;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Scan;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMaintenanceTest {
    private static final int MEMORIES = 200;

    @TempDir
    Path directory;

    private Path data() {
        return directory.resolve("data");
    }

    private EmbeddedMaintenance maintenance() {
        return new EmbeddedMaintenance(data(), Clock.systemUTC());
    }

    private void fill() {
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data())) {
            assertThat(EmbeddedStoreContracts.filled(stores, "space", MEMORIES)).isNotNull();
        }
    }

    private void damage(String sql) throws Exception {
        try (Database database = Database.openWriter(data().resolve("spaces/space/memory.db"), 0)) {
            database.execute(sql);
        }
    }

    @Test
    void findsNothingWrongWithASoundDirectory() {
        fill();
        EmbeddedMaintenance.Report report = maintenance().check();
        assertThat(report.isSound()).isTrue();
        assertThat(report.spaces())
                .containsExactly(new EmbeddedMaintenance.SpaceReport("space", MEMORIES, MEMORIES, List.of()));
    }

    @Test
    void neverServesADamagedRowAndSetsItAside() throws Exception {
        fill();
        damage("UPDATE memories SET payload = CAST(replace(CAST(payload AS TEXT), 'm5', 'x5') AS BLOB) WHERE id='m5'");
        damage("UPDATE memories SET tags = x'00' WHERE id='m6'");
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data())) {
            MemoryStore store = stores.open("space");
            assertThatThrownBy(() -> store.get(List.of("m5"))).isInstanceOf(Damaged.class);
            assertThat(EmbeddedStoreContracts.nearest(store, "m5", 3)).doesNotContain("m5");
            assertThat(store.scan(new Scan(Filter.ALL, false, null, 1_000)).memories())
                    .extracting(Memory::id)
                    .hasSize(MEMORIES - 2)
                    .doesNotContain("m5", "m6");
            assertThatThrownBy(() -> maintenance().repair()).isInstanceOf(Unavailable.class);
        }
        assertThat(maintenance().check().isSound()).isFalse();
        EmbeddedMaintenance.Report repaired = maintenance().repair();
        assertThat(repaired.spaces()).singleElement().satisfies(space -> {
            assertThat(space.memories()).isEqualTo(MEMORIES - 2);
            assertThat(space.findings()).anyMatch(finding -> finding.contains("2 damaged memories"));
        });
        assertThat(maintenance().check().isSound()).isTrue();
        assertThat(quarantined()).isEqualTo(2);
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data())) {
            MemoryStore store = stores.open("space");
            assertThat(store.get(List.of("m5", "m6", "m7"))).containsOnlyKeys("m7");
            assertThat(store.statistics().total()).isEqualTo(MEMORIES - 2);
            assertThat(EmbeddedStoreContracts.nearest(store, "m7", 1)).containsExactly("m7");
        }
    }

    private long quarantined() throws Exception {
        try (Database database = Database.openReader(data().resolve("spaces/space/memory.db"))) {
            return database.number("SELECT count(*) FROM quarantine");
        }
    }

    @Test
    void setsDamagedVectorsAsideAndKeepsTheirMemories() throws Exception {
        fill();
        damage("UPDATE vectors_state_0 SET vector = zeroblob(1536) WHERE row=3");
        damage("UPDATE vectors_state_0 SET vector = x'00' WHERE row=4");
        FileTrees.deleteTree(data().resolve("spaces/space/index"));
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data())) {
            assertThat(EmbeddedStoreContracts.nearest(stores.open("space"), "m2", 1))
                    .doesNotContain("m2");
        }
        assertThat(maintenance().repair().spaces()).singleElement().satisfies(space -> assertThat(space.findings())
                .anyMatch(finding -> finding.contains("2 damaged vectors")));
        assertThat(maintenance().check().spaces()).singleElement().satisfies(space -> assertThat(space.findings())
                .singleElement()
                .asString()
                .contains("without a vector")
                .contains("m2, m3"));
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data())) {
            MemoryStore store = stores.open("space");
            assertThat(store.get(List.of("m2", "m3"))).hasSize(2);
            store.putVectors(EmbeddedStoreContracts.STATE_0, Map.of("m2", EmbeddedStoreContracts.vector("m2")));
            assertThat(EmbeddedStoreContracts.nearest(store, "m2", 1)).containsExactly("m2");
        }
    }

    @Test
    void savesWhatCanBeReadOfABrokenFile() throws Exception {
        fill();
        Path record = data().resolve("spaces/space/memory.db");
        try (RandomAccessFile file = new RandomAccessFile(record.toFile(), "rw")) {
            for (long page : new long[] {40, 41, 47}) {
                file.seek(page * Database.PAGE_SIZE);
                file.write(new byte[Database.PAGE_SIZE]);
            }
        }
        assertThat(maintenance().check().isSound()).isFalse();
        EmbeddedMaintenance.SpaceReport repaired =
                maintenance().repair().spaces().getFirst();
        assertThat(repaired.findings()).anyMatch(finding -> finding.contains("rows were saved"));
        assertThat(repaired.memories()).isBetween(MEMORIES / 2L, (long) MEMORIES);
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data())) {
            MemoryStore store = stores.open("space");
            assertThat(store.statistics().total()).isEqualTo(repaired.memories());
            EmbeddedStoreContracts.append(store, "after");
            assertThat(EmbeddedStoreContracts.nearest(store, "after", 1)).containsExactly("after");
        }
    }

    @Test
    void countsAnewAfterCountersWereChanged() throws Exception {
        fill();
        damage("UPDATE counts SET memories = memories + 7");
        assertThat(maintenance().check().isSound()).isFalse();
        assertThat(maintenance().repair().isSound()).isFalse();
        assertThat(maintenance().check().isSound()).isTrue();
    }

    @Test
    void backsUpWhileWritersGoOn() throws Exception {
        Path backup = directory.resolve("backups/first");
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        int before;
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data());
                ExecutorService executor = Executors.newSingleThreadExecutor()) {
            MemoryStore store = EmbeddedStoreContracts.filled(stores, "space", MEMORIES);
            Files.createDirectories(stores.directory("space").resolve("encoders/kept"));
            Files.writeString(stores.directory("space").resolve("encoders/kept/weights"), "weights");
            Files.writeString(data().resolve("runs.json"), "[]");
            Future<?> writer = executor.submit(() -> {
                while (!stop.get()) {
                    EmbeddedStoreContracts.append(store, "during" + acknowledged.get());
                    acknowledged.incrementAndGet();
                }
            });
            try {
                while (acknowledged.get() < 20 && !writer.isDone()) {
                    Thread.onSpinWait();
                }
                before = acknowledged.get();
                maintenance().backup(backup);
            } finally {
                stop.set(true);
            }
            writer.get();
        }
        assertThatThrownBy(() -> maintenance().backup(backup)).isInstanceOf(InvalidInput.class);
        Path restored = directory.resolve("restored");
        EmbeddedMaintenance.restore(backup, restored);
        assertThat(restored.resolve("spaces/space/encoders/kept/weights")).hasContent("weights");
        assertThat(restored.resolve("runs.json")).hasContent("[]");
        assertThat(new EmbeddedMaintenance(restored, Clock.systemUTC()).check().isSound())
                .isTrue();
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(restored)) {
            MemoryStore store = stores.open("space");
            List<String> safe =
                    IntStream.range(0, before).mapToObj(i -> "during" + i).toList();
            assertThat(store.get(safe)).hasSize(before);
            assertThat(EmbeddedStoreContracts.nearest(store, "m1", 1)).containsExactly("m1");
            EmbeddedStoreContracts.append(store, "after");
        }
        assertThatThrownBy(() -> EmbeddedMaintenance.restore(backup, restored)).isInstanceOf(InvalidInput.class);
    }

    @Test
    void backsUpWhileFilesComeAndGo() throws Exception {
        fill();
        List<Path> busy = List.of(
                data().resolve("spaces/space/index/churning"), data().resolve("spaces/space/encoders/churning"));
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<?> writer = executor.submit(() -> {
                for (int i = 0; !stop.get(); i++) {
                    for (Path parent : busy) {
                        Path child = Files.createDirectories(parent.resolve("d" + i % 8));
                        Files.writeString(child.resolve("file"), "comes and goes");
                        FileTrees.deleteTree(parent.resolve("d" + (i + 4) % 8));
                    }
                }
                return null;
            });
            try {
                for (int i = 0; i < 50; i++) {
                    Path backup = directory.resolve("backups/number" + i);
                    assertThat(maintenance().backup(backup).spaces()).containsExactly("space");
                    assertThat(backup.resolve("spaces/space/memory.db")).exists();
                    assertThat(backup.resolve("spaces/space/index")).doesNotExist();
                    FileTrees.deleteTree(backup);
                }
            } finally {
                stop.set(true);
            }
            writer.get();
        }
    }

    @Test
    void refusesABackupThatWasChanged() throws IOException {
        fill();
        Path backup = directory.resolve("backup");
        maintenance().backup(backup);
        byte[] record = Files.readAllBytes(backup.resolve("spaces/space/memory.db"));
        record[record.length / 2] ^= 1;
        Files.write(backup.resolve("spaces/space/memory.db"), record);
        Path restored = directory.resolve("restored");
        assertThatThrownBy(() -> EmbeddedMaintenance.restore(backup, restored)).isInstanceOf(Damaged.class);
        assertThat(restored).doesNotExist();
    }

    @Test
    void givesADataDirectoryToOneProcessOnly() {
        fill();
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data())) {
            assertThat(stores.names()).containsExactly("space");
            assertThatThrownBy(() -> EmbeddedStoreContracts.open(data()))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("in use by another Engram");
        }
    }
}
