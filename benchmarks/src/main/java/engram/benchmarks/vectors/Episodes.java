package engram.benchmarks.vectors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Memories of the gathering world, a line of JSON each as a client would send it, without end: the recorded episode
 * first, where that is wanted, then simulated ones. The same seed gives the same lines. Each episode is simulated once
 * and kept in a directory. Every memory has a tag {@code sample}, its number modulo 100, by which filters select known
 * shares. Not thread-safe.
 */
public final class Episodes implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int AGENTS = 8;
    private static final int STEPS = 500;
    private static final int SAMPLES = 100;

    private final Path home;
    private final Path kept;
    private final int seed;
    private final boolean recorded;
    private int episode;
    private BufferedReader lines = new BufferedReader(BufferedReader.nullReader());

    /**
     * @param home the project's directory
     * @param kept where simulated episodes are kept
     * @param seed chooses the simulated episodes
     * @param recorded whether the recorded episode comes first
     */
    public Episodes(Path home, Path kept, int seed, boolean recorded) {
        this.home = home;
        this.kept = kept;
        this.seed = seed;
        this.recorded = recorded;
    }

    /** Simulates what the first memories, so many, come from, so that it does not happen while something is measured. */
    public void prepare(int memories) throws IOException {
        for (int number = 0; number <= memories / (AGENTS * STEPS); number++) {
            file(number);
        }
    }

    /** The next memory. */
    public String next() throws IOException {
        for (String line = lines.readLine(); ; line = lines.readLine()) {
            if (line != null) {
                return line;
            }
            lines.close();
            lines = Files.newBufferedReader(file(episode++));
        }
    }

    /** The next memories. */
    public List<String> next(int count) throws IOException {
        List<String> memories = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            memories.add(next());
        }
        return memories;
    }

    private Path file(int number) throws IOException {
        boolean recording = recorded && number == 0;
        Path file = kept.resolve(recording ? "recorded.ndjson" : "seed-%d-%d.ndjson".formatted(seed, number));
        if (!Files.exists(file)) {
            Files.createDirectories(kept);
            if (recording) {
                Path packed = home.resolve("samples/recordings/gathering.ndjson.gz");
                try (InputStream content = new GZIPInputStream(Files.newInputStream(packed))) {
                    prepare(content, file, "recorded");
                }
            } else {
                simulate(number, file);
            }
        }
        return file;
    }

    private void simulate(int number, Path file) throws IOException {
        Process python = new ProcessBuilder(
                        "python3",
                        home.resolve("samples/gathering.py").toString(),
                        "--seed",
                        Integer.toString(seed * 10_000 + number),
                        "--steps",
                        Integer.toString(STEPS),
                        "--agents",
                        Integer.toString(AGENTS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        try (InputStream content = python.getInputStream()) {
            prepare(content, whole, Integer.toString(number));
        }
        try {
            if (python.waitFor() != 0) {
                throw new IOException("the gathering world ended with " + python.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the gathering world was simulated", e);
        }
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void prepare(InputStream content, Path file, String suffix) throws IOException {
        try (BufferedReader from = new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8));
                BufferedWriter to = Files.newBufferedWriter(file)) {
            from.readLine();
            int number = 0;
            for (String line = from.readLine(); line != null; line = from.readLine()) {
                ObjectNode memory = (ObjectNode) MAPPER.readTree(line);
                // Recorded times lie in the past, where everything would be due for consolidation.
                memory.remove("time");
                memory.put("agent", memory.get("agent").textValue() + "-" + suffix);
                memory.withObject("/tags").put("sample", number++ % SAMPLES);
                to.write(MAPPER.writeValueAsString(memory));
                to.newLine();
            }
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
