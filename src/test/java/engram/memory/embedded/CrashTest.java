package engram.memory.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import engram.memory.KilledProcess;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process in the middle of its writes, again and again, and looks for everything it was told is safe. */
class CrashTest {
    private static final int CRASHES = 20;

    @TempDir
    Path directory;

    @Test
    void losesNothingThatWasAcknowledged() throws Exception {
        long seed = Long.getLong("engram.seed", System.nanoTime());
        System.out.println("CrashTest: engram.seed=" + seed);
        Random random = new Random(seed);
        List<String> acknowledged = new ArrayList<>();
        for (int crash = 0; crash < CRASHES; crash++) {
            List<String> now =
                    KilledProcess.acknowledgedBy(CrashingWriter.class, directory, crash, 1 + random.nextInt(400));
            acknowledged.addAll(now);
            try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(directory)) {
                assertAllThere(stores.open("space"), acknowledged, now);
            }
        }
        assertThat(new EmbeddedMaintenance(directory, Clock.systemUTC()).check().spaces())
                .allSatisfy(space -> assertThat(space.findings()).isEmpty());
    }

    private static void assertAllThere(MemoryStore store, List<String> acknowledged, List<String> now) {
        Map<String, Memory> found = store.get(acknowledged);
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(acknowledged);
        int step = Math.max(1, now.size() / 25);
        for (int i = 0; i < now.size(); i += step) {
            assertThat(EmbeddedStoreContracts.nearest(store, now.get(i), 2))
                    .startsWith(now.get(i))
                    .doesNotHaveDuplicates();
        }
    }
}
