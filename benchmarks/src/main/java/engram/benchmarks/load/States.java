package engram.benchmarks.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** States of the gathering world, simulated to the number that is needed. */
final class States {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int AGENTS = 8;
    private static final int STEPS = 500;

    private States() {}

    /** Memories as a client would send them: agent, kind, step, state, action, reward, tags. */
    static List<ObjectNode> simulate(Path home, Path directory, int count, int seed)
            throws IOException, InterruptedException {
        List<ObjectNode> memories = new ArrayList<>(count);
        for (int episode = 0; memories.size() < count; episode++) {
            Path file = directory.resolve("gathering-" + seed + "-" + episode + ".ndjson");
            int exit = new ProcessBuilder(
                            "python3",
                            home.resolve("samples/gathering.py").toString(),
                            "--seed",
                            Integer.toString(seed * 1_000 + episode),
                            "--steps",
                            Integer.toString(STEPS),
                            "--agents",
                            Integer.toString(AGENTS),
                            "--out",
                            file.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IOException("the gathering world ended with " + exit);
            }
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                lines.readLine();
                for (String line = lines.readLine(); line != null && memories.size() < count; line = lines.readLine()) {
                    ObjectNode memory = (ObjectNode) MAPPER.readTree(line);
                    memory.remove("time");
                    memory.put("agent", memory.get("agent").textValue() + "-" + episode);
                    memories.add(memory);
                }
            }
            Files.delete(file);
        }
        return memories;
    }
}
