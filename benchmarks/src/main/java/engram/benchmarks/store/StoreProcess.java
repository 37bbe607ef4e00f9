package engram.benchmarks.store;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import engram.benchmarks.vectors.VectorFile;
import engram.memory.Append;
import engram.memory.Entry;
import engram.memory.Search;
import engram.memory.Statistics;
import engram.memory.Tier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Does with a store what the programs in {@code benchmarks/peers} do with other libraries, on the same vectors and when
 * those ask, a line each, answered by a line:
 *
 * <ul>
 *   <li>{@code ingest FROM TO}: the seconds it took to write these vectors in batches,
 *   <li>{@code settle}: the seconds until all work behind them was done,
 *   <li>{@code breadth N}: opens the store anew with another breadth of search, 0 for the default,
 *   <li>{@code recall FROM TO K SHARE}: for each of these queries the milliseconds and the numbers that were found, where
 *       a filter selects SHARE percent of the memories,
 *   <li>{@code processor}: the seconds of processor that the process has used so far,
 *   <li>{@code resources}: bytes of heap, resident memory and disk.
 * </ul>
 */
public final class StoreProcess {
    private static final int BATCH = 100;

    private final String place;
    private final VectorFile vectors;
    private final VectorFile queries;
    private OpenStore open;

    private StoreProcess(String place, VectorFile vectors, VectorFile queries) {
        this.place = place;
        this.vectors = vectors;
        this.queries = queries;
        this.open = OpenStore.at(place, 0);
    }

    /**
     * Answers until there are no more lines.
     *
     * @param arguments address of Redis or a directory, file of the vectors, file of the queries
     */
    public static void main(String... arguments) throws IOException, InterruptedException {
        try (VectorFile vectors = new VectorFile(Path.of(arguments[1]));
                VectorFile queries = new VectorFile(Path.of(arguments[2]))) {
            StoreProcess process = new StoreProcess(arguments[0], vectors, queries);
            try {
                process.answer(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
            } finally {
                process.open.close();
            }
        }
    }

    private void answer(BufferedReader lines) throws IOException, InterruptedException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            int[] numbers = new int[words.length - 1];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Integer.parseInt(words[i + 1]);
            }
            System.out.println(
                    switch (words[0]) {
                        case "ingest" -> Double.toString(ingest(numbers[0], numbers[1]));
                        case "settle" -> Double.toString(OwnProcess.settle().toNanos() / 1e9);
                        case "breadth" -> breadth(numbers[0]);
                        case "recall" -> recall(numbers[0], numbers[1], numbers[2], numbers[3]);
                        case "processor" ->
                            Double.toString(OwnProcess.processorTime().toNanos() / 1e9);
                        case "resources" -> resources();
                        default -> throw new IllegalArgumentException("cannot do '" + line + "'");
                    });
        }
    }

    private double ingest(int from, int to) {
        long start = System.nanoTime();
        for (int first = from; first < to; first += BATCH) {
            List<Entry> entries = new ArrayList<>(BATCH);
            for (int i = first; i < Math.min(to, first + BATCH); i++) {
                entries.add(new Entry(NumberedMemories.of(i, Tier.STM), Map.of(OpenStore.VERSION, vectors.row(i))));
            }
            open.store().append(new Append(entries, Optional.empty()));
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private String breadth(int breadth) {
        open.close();
        open = OpenStore.at(place, breadth);
        open.store().search(search(queries.row(0), 1, 100));
        return "ready";
    }

    private static Search search(float[] query, int k, int share) {
        return new Search(
                OpenStore.VERSION, Map.of(Tier.STM, query), k, NumberedMemories.share(share), Set.of(), false);
    }

    /** Milliseconds of each query, then the numbers that each found, all separated by blanks and commas. */
    private String recall(int from, int to, int k, int share) {
        StringBuilder answer = new StringBuilder();
        for (int i = from; i < to; i++) {
            Search search = search(queries.row(i), k, share);
            long start = System.nanoTime();
            List<Search.Hit> hits = open.store().search(search);
            answer.append((System.nanoTime() - start) / 1e6);
            hits.forEach(hit -> answer.append(',').append(hit.memory().id().substring(1)));
            answer.append(' ');
        }
        return answer.toString().strip();
    }

    private String resources() throws IOException {
        Statistics statistics = open.store().statistics();
        return JsonNodeFactory.instance
                .objectNode()
                .put("heapAfterCollection", OwnProcess.heapAfterCollection())
                .put("resident", OwnProcess.resident())
                .put("recordBytes", statistics.recordBytes())
                .put("indexBytes", statistics.indexBytes())
                .toString();
    }
}
