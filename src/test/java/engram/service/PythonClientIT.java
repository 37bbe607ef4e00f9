package engram.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tests of the Python client against the packaged application, with Gymnasium and TensorBoard of pinned versions. The
 * first run fetches those into {@code .cache}; the machine's {@code python3} must be 3.11 or newer.
 */
@Timeout(value = 900, unit = TimeUnit.SECONDS)
class PythonClientIT {
    private static final Path CLIENT = Path.of("clients/python").toAbsolutePath();
    private static final Path REQUIREMENTS = CLIENT.resolve("requirements-test.txt");

    @TempDir
    Path directory = Path.of("");

    @Test
    void testsOfThePythonClientPass() throws Exception {
        Path python = python();
        try (ServiceProcess service = ServiceProcess.serve(directory, "-Dengram.encoder.train-after=0")) {
            Path output = directory.resolve("output.txt");
            int code = run(
                    output,
                    Map.of(
                            "ENGRAM_URL", service.address(),
                            "ENGRAM_DATA", directory.resolve("data").toString()),
                    List.of(python.toString(), "-B", "-m", "unittest", "-v", "test_engram"));
            String said = Files.readString(output);
            assertThat(code).as(said).isZero();
            assertThat(said)
                    .contains("test_our_environments_pass_the_checker_of_gymnasium", "OK")
                    .doesNotContain("skipped");
            System.out.println(said);
        }
    }

    /** A Python with what the tests need, made once for each version of the requirements. */
    private Path python() throws Exception {
        byte[] requirements = Files.readAllBytes(REQUIREMENTS);
        String version = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(requirements))
                .substring(0, 12);
        Path home = Path.of(".cache", "python-client-" + version).toAbsolutePath();
        Path complete = home.resolve("complete");
        Path python = home.resolve("bin").resolve("python");
        if (!Files.exists(complete)) {
            Path output = directory.resolve("install.txt");
            assertThat(run(output, Map.of(), List.of("python3", "-m", "venv", "--clear", home.toString())))
                    .as(Files.readString(output))
                    .isZero();
            assertThat(run(
                            output,
                            Map.of(),
                            List.of(
                                    python.toString(),
                                    "-m",
                                    "pip",
                                    "install",
                                    "--quiet",
                                    "--disable-pip-version-check",
                                    "-r",
                                    REQUIREMENTS.toString())))
                    .as(Files.readString(output))
                    .isZero();
            Files.writeString(complete, version, StandardCharsets.UTF_8);
        }
        return python;
    }

    private static int run(Path output, Map<String, String> variables, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(CLIENT.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        try {
            return process.waitFor();
        } finally {
            // When the test runs out of time, whatever it started ends with it.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
