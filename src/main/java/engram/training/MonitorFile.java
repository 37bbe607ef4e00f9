package engram.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Locale;

/**
 * Every episode as a line of {@code r,l,t} (return, length, seconds since the start), as Stable-Baselines3's Monitor writes
 * them and its {@code load_results} reads them. Every line is in the file when the call returns. Not thread-safe.
 */
final class MonitorFile implements AutoCloseable {
    private final BufferedWriter out;

    /**
     * Opens a file; a training that is resumed goes on in it.
     *
     * @param directory created if absent
     */
    MonitorFile(Path directory, String environment, Instant start) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("engram.monitor.csv");
        boolean exists = Files.exists(file);
        out = Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (!exists) {
            String header = new ObjectMapper()
                    .createObjectNode()
                    .put("t_start", start.toEpochMilli() / 1000.0)
                    .put("env_id", environment)
                    .toString();
            out.write("#" + header + "\nr,l,t\n");
            out.flush();
        }
    }

    /** Adds an episode. */
    void episode(double sum, int length, double seconds) throws IOException {
        out.write(String.format(Locale.ROOT, "%s,%d,%.6f\n", sum, length, seconds));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
