package engram.memory.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import engram.memory.Memory;
import engram.memory.MemoryStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
            List<String> now = writeUntilKilled(crash, 1 + random.nextInt(400));
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

    /** Returns what the process acknowledged before it was killed, some time after {@code most} acknowledgements. */
    private List<String> writeUntilKilled(int generation, int most) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingWriter.class.getName(),
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
