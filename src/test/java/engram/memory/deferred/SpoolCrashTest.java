package engram.memory.deferred;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
            acknowledged.addAll(deferUntilKilled(crash, 1 + random.nextInt(300)));
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

    private List<String> deferUntilKilled(int generation, int most) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingSpooler.class.getName(),
                        directory.toString(),
                        Integer.toString(generation))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // A line cut off by the kill lacks its end mark.
                if (line.endsWith(".")) {
                    acknowledged.add(line.substring(0, line.length() - 1));
                }
                if (acknowledged.size() == most) {
                    process.toHandle().destroyForcibly();
                }
            }
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(most);
        return acknowledged;
    }
}
