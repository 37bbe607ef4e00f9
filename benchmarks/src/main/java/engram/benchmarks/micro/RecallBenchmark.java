package engram.benchmarks.micro;

import engram.benchmarks.store.NumberedMemories;
import engram.benchmarks.store.OpenStore;
import engram.memory.Append;
import engram.memory.MemoryStore;
import engram.memory.Search;
import engram.memory.Tier;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * Searches of a store in process by store, tier, k, share that a filter selects, and with or without writes beside them.
 * Recall against exact search stands beside each time as the secondary result {@code recallPermille}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RecallBenchmark {
    private static final int QUERIES = 500;
    private static final int CHECKED = 100;
    private static final int BATCH = 32;

    /** Which store. */
    @Param({"embedded"})
    public String store = "";

    /** In which tier. */
    @Param({"STM", "IM", "LTM"})
    public Tier tier = Tier.STM;

    /** How many neighbours. */
    @Param({"1", "10", "100"})
    public int k;

    /** How many percent of the memories a filter selects. */
    @Param({"100", "10", "1"})
    public int share;

    /** How many memories a second are written beside the searches. */
    @Param({"0", "1000"})
    public int writes;

    /** How many memories each tier has. */
    @Param({"100000"})
    public int memories;

    private @Nullable PreparedStore prepared;
    private @Nullable ScheduledExecutorService writer;
    private @Nullable ScheduledFuture<?> writing;
    private float[][] queries = new float[0][];
    private int recallPermille;
    private int next;

    /** Recall beside the time. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Quality {
        /** Of a thousand true neighbours, how many are found; JMH adds up those of all iterations. */
        public int recallPermille;
    }

    /** Opens the store and looks how well it finds. */
    @Setup
    public void open() throws IOException, InterruptedException {
        PreparedStore opened = PreparedStore.open(store, memories, tier);
        prepared = opened;
        queries = PreparedStore.queries(QUERIES, tier);
        recallPermille = quality(opened.store());
        if (writes > 0) {
            writer = Executors.newSingleThreadScheduledExecutor();
            writing = writer.scheduleAtFixedRate(
                    () -> write(opened), 0, TimeUnit.SECONDS.toNanos(1) * BATCH / writes, TimeUnit.NANOSECONDS);
        }
    }

    private static void write(PreparedStore opened) {
        try {
            Append append = opened.append(BATCH);
            opened.store().append(append);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Ends the writes. */
    @TearDown
    public void close() throws IOException {
        if (writer != null && writing != null) {
            // A failed write ends all further ones; then what was measured is not what was asked for.
            Optional<Throwable> failure = writing.isDone() ? Optional.of(writing.exceptionNow()) : Optional.empty();
            writer.close();
            if (failure.isPresent()) {
                throw new IOException("the writes beside the searches ended", failure.get());
            }
        }
        if (prepared != null) {
            prepared.close();
        }
    }

    /** One search. */
    @Benchmark
    public List<Search.Hit> recall(Quality quality) {
        quality.recallPermille = recallPermille;
        return Objects.requireNonNull(prepared).store().search(search(queries[next++ % QUERIES], false));
    }

    private int quality(MemoryStore opened) {
        long found = 0;
        long wanted = 0;
        for (int i = 0; i < CHECKED; i++) {
            List<Search.Hit> exact = opened.search(search(queries[i], true));
            if (!exact.isEmpty()) {
                double farthest = exact.getLast().distance() * (1 + 1e-6) + 1e-6;
                wanted += exact.size();
                found += opened.search(search(queries[i], false)).stream()
                        .filter(hit -> hit.distance() <= farthest)
                        .count();
            }
        }
        return (int) (1_000 * found / Math.max(1, wanted));
    }

    private Search search(float[] query, boolean exact) {
        return new Search(OpenStore.VERSION, Map.of(tier, query), k, NumberedMemories.share(share), Set.of(), exact);
    }
}
