package engram.training;

import static org.assertj.core.api.Assertions.assertThat;

import engram.memory.KilledProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process again and again while an agent in it is taught: what it was told is learned, is so. */
class ObservationCrashTest {
    private static final int CRASHES = 5;

    @TempDir
    Path directory;

    @Test
    @Timeout(180)
    void isWhatItWasToldItIs() throws Exception {
        long seed = Long.getLong("engram.seed", System.nanoTime());
        System.out.println("ObservationCrashTest: engram.seed=" + seed);
        Random random = new Random(seed);
        for (int crash = 0; crash < CRASHES; crash++) {
            List<String> taught =
                    KilledProcess.acknowledgedBy(KilledObserver.class, directory, crash, 1 + random.nextInt(25));
            long last = Long.parseLong(taught.getLast());
            try (AgentLibrary library = Observations.library(directory)) {
                long steps = library.get(Observations.DEFINITION.id()).steps();
                assertThat(steps).isGreaterThanOrEqualTo(last);
                assertThat(Observations.read(directory)).isEqualTo(Observations.undisturbed(directory, steps));
            }
        }
    }
}
