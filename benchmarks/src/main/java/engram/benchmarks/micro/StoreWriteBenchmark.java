package engram.benchmarks.micro;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.JsonObject;
import engram.memory.Tier;
import engram.memory.Update;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

/** Durable writes into a store in process from one thread: new memories, and edits of importance and tags. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class StoreWriteBenchmark {
    /** Which store. */
    @Param({"embedded"})
    public String store = "";

    /** How many memories at once. */
    @Param({"1", "256"})
    public int batch;

    /** How many memories each tier has at first. */
    @Param({"100000"})
    public int memories;

    private @Nullable PreparedStore prepared;
    private @Nullable Append append;
    private int next;

    /** Opens the store. */
    @Setup
    public void open() throws IOException, InterruptedException {
        prepared = PreparedStore.open(store, memories, Tier.STM);
    }

    /** Makes what is written next, which takes longer than a hundredth of writing it. */
    @Setup(Level.Invocation)
    public void make() throws IOException {
        append = Objects.requireNonNull(prepared).append(batch);
    }

    /** Closes the store. */
    @TearDown
    public void close() throws IOException {
        if (prepared != null) {
            prepared.close();
        }
    }

    /** New memories with their vectors. */
    @Benchmark
    public Appended ingest() {
        return Objects.requireNonNull(prepared).store().append(Objects.requireNonNull(append));
    }

    /** Edits of memories that are there. */
    @Benchmark
    public List<Update.Outcome> update() {
        List<Update> updates = new ArrayList<>(batch);
        for (int i = 0; i < batch; i++) {
            int number = next++ % memories;
            JsonObject tags =
                    JsonObject.of(JsonNodeFactory.instance.objectNode().put("seen", next));
            updates.add(new Update(
                    PreparedStore.id(Tier.STM, number),
                    OptionalLong.empty(),
                    new Update.Edit(number % 100 / 100.0, false, tags, null)));
        }
        return Objects.requireNonNull(prepared).store().update(updates);
    }
}
