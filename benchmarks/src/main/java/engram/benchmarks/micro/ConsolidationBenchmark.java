package engram.benchmarks.micro;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.benchmarks.vectors.Episodes;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.consolidation.ConsolidationReport;
import engram.memory.embedded.EmbeddedSpaces;
import engram.memory.space.NewMemory;
import engram.memory.space.Space;
import engram.memory.space.SpaceSettings;
import engram.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The first consolidation of a space whose agents have filled their short-term memory beyond its capacity: demotion of the
 * excess and merging of near-duplicates. One consolidation an iteration, each of a space of its own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@Fork(1)
public class ConsolidationBenchmark {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int BATCH = 256;
    private static final int CAPACITY = 100;

    /** How many memories there are. */
    @Param({"20000"})
    public int memories;

    private final Path directory =
            Path.of("target/benchmarks/micro/spaces-" + ProcessHandle.current().pid());
    private @Nullable EmbeddedSpaces opened;
    private @Nullable Space space;
    private int number;

    /** Fills a new space. */
    @Setup(Level.Iteration)
    public void fill() throws IOException {
        EmbeddedSpaces spaces = opened == null ? EmbeddedSpaces.open(directory) : opened;
        opened = spaces;
        SpaceSettings settings = SpaceSettings.defaults()
                .merge(MAPPER.readTree(
                        "{\"encoder\":{\"trainAfter\":0},\"tiers\":{\"stm\":{\"capacity\":%d}}}".formatted(CAPACITY)));
        Space filled = spaces.spaces()
                .put("world-" + number++, settings, OptionalLong.empty())
                .space();
        try (Episodes episodes = new Episodes(Path.of("."), Path.of("target/benchmarks/episodes"), 11, true)) {
            for (int written = 0; written < memories; written += BATCH) {
                List<NewMemory> batch = new ArrayList<>();
                for (String line : episodes.next(Math.min(BATCH, memories - written))) {
                    batch.add(memory((ObjectNode) MAPPER.readTree(line)));
                }
                filled.remember(batch, Optional.empty());
            }
        }
        space = filled;
    }

    private static NewMemory memory(ObjectNode json) {
        ObjectNode payload = MAPPER.createObjectNode();
        payload.set("state", json.get("state"));
        payload.set("action", json.get("action"));
        return new NewMemory(
                null,
                json.get("agent").textValue(),
                Kind.STATE,
                json.get("step").longValue(),
                null,
                JsonObject.of(payload),
                JsonObject.of(json.withObject("/tags")),
                json.get("reward").doubleValue(),
                false,
                null);
    }

    /** Closes everything and removes it. */
    @TearDown
    public void close() throws IOException {
        if (opened != null) {
            opened.close();
            try (var files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Consolidates. */
    @Benchmark
    public ConsolidationReport consolidate() {
        return Objects.requireNonNull(space).consolidate(false, Progress.unobserved());
    }
}
