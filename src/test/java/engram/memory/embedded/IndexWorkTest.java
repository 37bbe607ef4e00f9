package engram.memory.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import engram.memory.Memories;
import engram.memory.Memory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexWorkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void fewerSegmentsAreSearchedOnceWritesHaveCeased() throws InterruptedException {
        working(EmbeddedStoreContracts.settings().index(), (overlay, work) -> {
            for (int i = 0; i < 3; i++) {
                overlay.put(change("added" + i, 100 + i));
                work.drain();
            }
            assertThat(segments(work)).isGreaterThan(1);
            awaitOneSegment(work);
        });
    }

    @Test
    void muchThatHasGatheredEntersTheIndexInParts() throws InterruptedException {
        EmbeddedSettings.IndexSettings pairs =
                EmbeddedStoreContracts.settings().index().withOverlay(2, 100, Duration.ofHours(1));
        working(pairs, (overlay, work) -> {
            int before = segments(work);
            for (int i = 0; i < 6; i++) {
                overlay.put(change("added" + i, 100 + i));
            }
            work.drain();
            assertThat(segments(work)).isEqualTo(before + 3);
            assertThat(overlay.size()).isZero();
        });
    }

    private void working(EmbeddedSettings.IndexSettings settings, Working working) throws InterruptedException {
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(directory);
                ScheduledExecutorService executor = Executors.newScheduledThreadPool(1)) {
            EmbeddedMemoryStore store = (EmbeddedMemoryStore) EmbeddedStoreContracts.filled(stores, "space", 1);
            Overlay overlay = new Overlay(1);
            IndexWork work = new IndexWork(
                    EmbeddedStoreContracts.STATE_0,
                    directory.resolve("index"),
                    "identity",
                    store.record(),
                    overlay,
                    settings,
                    executor,
                    () -> {});
            work.open();
            working.on(overlay, work);
            work.close();
        }
    }

    private interface Working {
        void on(Overlay overlay, IndexWork work) throws InterruptedException;
    }

    private static Overlay.Change change(String id, long row) {
        Memory memory = Memories.memory(id).build();
        return new Overlay.Change(row, row, true, memory, EmbeddedStoreContracts.vector(id));
    }

    private static int segments(IndexWork work) {
        return work.read(index ->
                index.search((searcher, _) -> searcher.getIndexReader().leaves().size()));
    }

    private static void awaitOneSegment(IndexWork work) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (segments(work) > 1) {
            assertThat(System.nanoTime())
                    .as("time by which segments are merged")
                    .isLessThan(end);
            Thread.sleep(50);
        }
    }
}
