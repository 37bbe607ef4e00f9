package engram.memory.deferred;

import static org.assertj.core.api.Assertions.assertThat;

import engram.memory.KilledProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process in the middle of deferring writes, again and again, and looks for everything it acknowledged. */
class SpoolCrashTest {
    private static final int CRASHES = 8;

    @TempDir
    Path directory;

    @Test
    void deliversEverythingThatWasAcknowledgedOnceAndInOrder() throws Exception {
        long seed = Long.getLong("engram.seed", System.nanoTime());
        System.out.println("SpoolCrashTest: engram.seed=" + seed);
        Random random = new Random(seed);
        FakeSpaces spaces = new FakeSpaces();
        DeferredFixture.know(directory, spaces, "world");
        List<String> acknowledged = new ArrayList<>();
        for (int crash = 0; crash < CRASHES; crash++) {
            acknowledged.addAll(
                    KilledProcess.acknowledgedBy(CrashingSpooler.class, directory, crash, 1 + random.nextInt(300)));
            if (random.nextBoolean()) {
                // Some of it is delivered in between, and the rest after the next crash.
                try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
                    DeferredFixture.await(() -> writes.status().delivered() > 0);
                }
            }
        }
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            DeferredFixture.awaitEmpty(writes);
            assertThat(writes.status().refused()).isZero();
            assertThat(writes.status().damaged()).isZero();
        }
        List<String> stored = spaces.stored("world");
        assertThat(stored).doesNotHaveDuplicates().containsAll(acknowledged);
        for (int crash = 0; crash < CRASHES; crash++) {
            for (int thread = 0; thread < 6; thread++) {
                String prefix = crash + "-" + thread + "-";
                List<Integer> numbers = stored.stream()
                        .filter(id -> id.startsWith(prefix))
                        .map(id -> Integer.valueOf(id.substring(prefix.length())))
                        .toList();
                assertThat(numbers).isSorted();
            }
        }
    }
}
