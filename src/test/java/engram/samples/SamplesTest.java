package engram.samples;

import engram.PythonTests;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void pythonTestsOfTheSamplesPass() throws Exception {
        PythonTests.pass(
                Path.of("samples").toAbsolutePath(),
                folder,
                "test_the_recorded_seed_gives_the_recorded_bytes",
                "-v",
                "test_samples");
    }
}
