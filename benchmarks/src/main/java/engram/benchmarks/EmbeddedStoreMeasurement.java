package engram.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import engram.memory.Append;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Filter;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.MemoryStores;
import engram.memory.Modality;
import engram.memory.Search;
import engram.memory.Tier;
import engram.memory.embedded.EmbeddedMemoryStores;
import engram.memory.embedded.EmbeddedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures the embedded store in process: durable ingest in batches and one by one, searches with and without filters
 * beside their recall against exact search, a reopening, heap and disk. Run with the number of memories (default
 * 100,000) and a directory that is emptied.
 */
public final class EmbeddedStoreMeasurement {
    private static final EmbeddingVersion VERSION = new EmbeddingVersion(Modality.STATE, 0);
    private static final int NUMBERS = 5;
    private static final int TYPES = NUMBERS;
    private static final int STATUSES = TYPES + 4;
    private static final int ACTIONS = STATUSES + 4;
    private static final int GRID = ACTIONS + 7;
    private static final int INPUTS = GRID + 25;
    private static final int STEPS = 200;
    private static final int BATCH = 100;
    private static final int K = 10;

    private final Random random = new Random(7);
    private final float[][] projection = new float[384][INPUTS];
    private final double[] state = new double[INPUTS];
    private int step;

    private EmbeddedStoreMeasurement() {
        for (float[] row : projection) {
            for (int i = 0; i < INPUTS; i++) {
                row[i] = (float) (random.nextGaussian() / Math.sqrt(384));
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        int memories = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        Path directory = arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("engram-measurement");
        new EmbeddedStoreMeasurement().run(memories, directory);
    }

    private void run(int memories, Path directory) throws Exception {
        delete(directory);
        long closing;
        try (MemoryStores stores = open(directory)) {
            stores.putSettings("measured", JsonObject.EMPTY, OptionalLong.empty());
            MemoryStore store = stores.open("measured");
            ingest(store, memories);
            singles(store);
            search(store, "all, while the index is merged", Filter.ALL);
            settle();
            for (int round = 0; round < 3; round++) {
                search(store, "all", Filter.ALL);
            }
            search(store, "agent, 10 %", agent("agent 3"));
            search(store, "payload range, 10 %", range(0.45, 0.55));
            search(store, "payload range, 1 %", range(0.495, 0.505));
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            print("heap used after gc: %d MB", (runtime.totalMemory() - runtime.freeMemory()) >> 20);
            print("statistics: %s", sizes(store));
            closing = System.nanoTime();
        }
        print("close: %.2f s", seconds(closing));
        long start = System.nanoTime();
        try (MemoryStores stores = open(directory)) {
            MemoryStore store = stores.open("measured");
            store.search(query(Filter.ALL, false));
            print("reopen until the first search has answered: %.2f s", seconds(start));
            search(store, "all, reopened", Filter.ALL);
        }
    }

    private static MemoryStores open(Path directory) {
        return new EmbeddedMemoryStores(directory, EmbeddedSettings.defaults(), Clock.systemUTC());
    }

    private static String sizes(MemoryStore store) {
        var statistics = store.statistics();
        return "%d memories, record %d MB, index %d MB"
                .formatted(statistics.total(), statistics.recordBytes() >> 20, statistics.indexBytes() >> 20);
    }

    private void ingest(MemoryStore store, int memories) {
        long making = 0;
        long processor = processorTime();
        long start = System.nanoTime();
        for (int done = 0; done < memories; done += BATCH) {
            long making0 = System.nanoTime();
            List<Entry> batch = new ArrayList<>(BATCH);
            for (int i = 0; i < BATCH; i++) {
                batch.add(next("m" + (done + i)));
            }
            making += System.nanoTime() - making0;
            store.append(new Append(batch, Optional.empty()));
            if ((done + BATCH) % 20_000 == 0) {
                print("  %d after %.1f s", done + BATCH, seconds(start));
            }
        }
        double all = seconds(start);
        print(
                "batches of %d from one client: %.0f memories/s (%.0f without making them), %.0f µs of processor each",
                BATCH, memories / all, memories / (all - making / 1e9), (processorTime() - processor) / 1e3 / memories);
    }

    private void singles(MemoryStore store) throws Exception {
        int clients = 16;
        int each = 500;
        List<List<Entry>> work = new ArrayList<>();
        for (int c = 0; c < clients; c++) {
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                entries.add(next("s" + c + "-" + i));
            }
            work.add(entries);
        }
        long start = System.nanoTime();
        try (ExecutorService executor = Executors.newFixedThreadPool(clients)) {
            List<Future<?>> futures = new ArrayList<>();
            for (List<Entry> entries : work) {
                futures.add(executor.submit(
                        () -> entries.forEach(entry -> store.append(new Append(List.of(entry), Optional.empty())))));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        print("single writes from %d clients: %.0f/s", clients, (double) clients * each / seconds(start));
    }

    private void search(MemoryStore store, String name, Filter filter) {
        int queries = 500;
        long[] nanoseconds = new long[queries];
        List<Search> searches = new ArrayList<>();
        for (int i = 0; i < queries; i++) {
            searches.add(query(filter, false));
        }
        AtomicLong kept = new AtomicLong();
        long wanted = 0;
        List<Set<String>> found = new ArrayList<>();
        long processor = processorTime();
        for (int i = 0; i < queries; i++) {
            long start = System.nanoTime();
            List<Search.Hit> hits = store.search(searches.get(i));
            nanoseconds[i] = System.nanoTime() - start;
            found.add(ids(hits));
        }
        processor = processorTime() - processor;
        for (int i = 0; i < queries; i += 5) {
            Search search = searches.get(i);
            Set<String> exact = ids(
                    store.search(new Search(search.version(), search.queries(), K, search.filter(), Set.of(), true)));
            wanted += exact.size();
            exact.stream().filter(found.get(i)::contains).forEach(id -> kept.incrementAndGet());
        }
        Arrays.sort(nanoseconds);
        print(
                "search %s: p50 %.2f ms, p99 %.2f ms, %.2f ms of processor, recall@%d %.4f",
                name,
                nanoseconds[queries / 2] / 1e6,
                nanoseconds[queries * 99 / 100] / 1e6,
                processor / 1e6 / queries,
                K,
                (double) kept.get() / Math.max(1, wanted));
    }

    private static Set<String> ids(List<Search.Hit> hits) {
        return Set.copyOf(hits.stream().map(hit -> hit.memory().id()).toList());
    }

    private Search query(Filter filter, boolean exact) {
        step = 0;
        move();
        return new Search(VERSION, Map.of(Tier.STM, vector()), K, filter, Set.of(), exact);
    }

    private static Filter agent(String name) {
        return new Filter.In(new Filter.Field.Agent(), List.of(TextNode.valueOf(name)));
    }

    private static Filter range(double from, double to) {
        return new Filter.Range(new Filter.Field.PayloadPath(List.of("state", "level")), from, true, to, true);
    }

    /**
     * One step of an episode in the default schema: five numbers that drift, a type that stays, a status and an action
     * that change now and then, and a small grid. Neighbouring steps are alike; episodes begin anywhere.
     */
    private void move() {
        if (step++ % STEPS == 0) {
            Arrays.fill(state, 0);
            for (int i = 0; i < NUMBERS; i++) {
                state[i] = random.nextDouble();
            }
            choose(TYPES, STATUSES);
            choose(STATUSES, ACTIONS);
            choose(ACTIONS, GRID);
        }
        for (int i = 0; i < NUMBERS; i++) {
            state[i] = Math.clamp(state[i] + 0.02 * random.nextGaussian(), 0, 1);
        }
        if (random.nextInt(5) == 0) {
            choose(STATUSES, ACTIONS);
        }
        if (random.nextInt(3) == 0) {
            choose(ACTIONS, GRID);
        }
        for (int i = GRID; i < INPUTS; i++) {
            if (random.nextInt(6) == 0) {
                state[i] = random.nextInt(4) / 3.0;
            }
        }
    }

    private void choose(int from, int to) {
        Arrays.fill(state, from, to, 0);
        state[from + random.nextInt(to - from)] = 1;
    }

    private float[] vector() {
        float[] vector = new float[384];
        for (int i = 0; i < vector.length; i++) {
            float sum = 0;
            for (int j = 0; j < INPUTS; j++) {
                sum += projection[i][j] * (float) state[j];
            }
            vector[i] = sum;
        }
        return vector;
    }

    private Entry next(String id) {
        move();
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        ObjectNode content = payload.putObject("state");
        content.put("agent_type", "harvester").put("status", "active").put("current_action", "move");
        content.put("level", random.nextDouble());
        String[] names = {"health", "energy", "resources", "x_position", "y_position", "speed", "heading", "load"};
        for (int i = 0; i < names.length; i++) {
            content.put(names[i], Math.round(state[i] * 1000) / 10.0);
        }
        Instant now = Instant.now();
        Memory memory = new Memory(
                id,
                "agent " + random.nextInt(10),
                Kind.STATE,
                (long) step,
                now,
                Tier.STM,
                JsonObject.of(payload),
                false,
                JsonObject.EMPTY,
                random.nextDouble(),
                false,
                null,
                0.5,
                0,
                null,
                1,
                List.of(),
                now,
                1,
                1);
        return new Entry(memory, Map.of(VERSION, vector()));
    }

    /** What all threads of this process have used: tells the cost where other processes compete. */
    private static long processorTime() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElse(0L);
    }

    /** Waits until the background merges of the index are done: until hardly anything runs any more. */
    private static void settle() throws InterruptedException {
        long start = System.nanoTime();
        long from = processorTime();
        long before;
        do {
            before = processorTime();
            Thread.sleep(3_000);
        } while (processorTime() - before > 100_000_000);
        print("settled after %.1f s, %.1f s of processor", seconds(start), (processorTime() - from) / 1e9);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void print(String format, Object... values) {
        System.out.println(format.formatted(values));
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
