package engram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs tests that are written in Python, with the machine's {@code python3}, which must be 3.9 or newer. */
public final class PythonTests {
    private PythonTests() {}

    /**
     * Runs {@code python3 -m unittest} and expects all tests to pass, one of them under a known name.
     *
     * @param directory where it runs
     * @param folder of the test, for what it writes
     * @param known the name of a test, so that an empty run is not taken for success
     */
    public static void pass(Path directory, Path folder, String known, String... arguments)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        // -B leaves no byte code beside the sources
        List<String> command = new ArrayList<>(List.of("python3", "-B", "-m", "unittest"));
        command.addAll(List.of(arguments));
        Process python = new ProcessBuilder(command)
                .directory(directory.toFile())
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
        assertThat(Files.readString(output)).contains(known);
    }
}
