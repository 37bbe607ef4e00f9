package engram;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkScriptsTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void pythonTestsOfTheBenchmarksPass() throws Exception {
        PythonTests.pass(
                Path.of("").toAbsolutePath(),
                folder,
                "test_a_machine_twice_as_slow_changes_nothing",
                "discover",
                "-v",
                "-s",
                "benchmarks/tests");
    }
}
