package engram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the unit tests of {@code benchmarks/} with the machine's {@code python3}, which must be 3.9 or newer. */
class BenchmarkScriptsTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void pythonTestsOfTheBenchmarksPass() throws Exception {
        Path output = folder.resolve("output.txt");
        // -B leaves no byte code beside the sources
        Process python = new ProcessBuilder(
                        "python3", "-B", "-m", "unittest", "discover", "-v", "-s", "benchmarks/tests")
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
        assertThat(Files.readString(output)).contains("test_a_machine_twice_as_slow_changes_nothing");
    }
}
