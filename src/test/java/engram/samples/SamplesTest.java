package engram.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the unit tests of {@code samples/} with the machine's {@code python3}, which must be 3.9 or newer. */
class SamplesTest {

    private static final Path SAMPLES = Path.of("samples").toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void pythonTestsOfTheSamplesPass() throws Exception {
        Path output = folder.resolve("output.txt");
        // -B leaves no byte code beside the sources
        Process python = new ProcessBuilder("python3", "-B", "-m", "unittest", "-v", "test_samples")
                .directory(SAMPLES.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        boolean ended = python.waitFor(2, TimeUnit.MINUTES);
        if (!ended) {
            python.destroyForcibly();
        }
        assertThat(ended).as("python3 ended in time").isTrue();
        assertThat(python.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).contains("test_the_recorded_seed_gives_the_recorded_bytes");
    }
}
