package engram.benchmarks.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.benchmarks.vectors.EncodedEpisodes;
import engram.benchmarks.vectors.Episodes;
import engram.memory.Append;
import engram.memory.Entry;
import engram.memory.Filter;
import engram.memory.Memory;
import engram.memory.Search;
import engram.memory.Statistics;
import engram.memory.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * How the embedded store grows in one tier: memories of encoded episodes as that tier keeps them, and at each milestone
 * the rate of writing since the last one, latency and recall of searches, heap, resident memory, bytes on disk, and how
 * long opening the full store takes until the first search has answered. In process, one client.
 *
 * <p>Arguments: the project's directory, where episodes are kept, an empty directory for the store, the tier, the
 * milestones. Prints one JSON object.
 */
public final class TierGrowth {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int BATCH = 256;
    private static final int QUERIES = 1_000;
    private static final int CHECKED = 100;
    private static final int NEIGHBOURS = 10;

    private final Tier tier;
    private final Path directory;
    private final float[][] queries;
    private final EncodedEpisodes episodes;
    private int count;

    private TierGrowth(Tier tier, Path directory, float[][] queries, EncodedEpisodes episodes) {
        this.tier = tier;
        this.directory = directory;
        this.queries = queries;
        this.episodes = episodes;
    }

    /** Measures and prints. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Path home = Path.of(arguments[0]);
        Path kept = Path.of(arguments[1]);
        Tier tier = Tier.valueOf(arguments[3]);
        int[] milestones =
                Arrays.stream(arguments).skip(4).mapToInt(Integer::parseInt).toArray();
        float[][] queries = new float[QUERIES][];
        try (EncodedEpisodes asked = new EncodedEpisodes(new Episodes(home, kept, 21, false))) {
            for (int i = 0; i < queries.length; i++) {
                queries[i] = asked.compress(asked.next().vector(), tier.resolution());
            }
        }
        ObjectNode answer = MAPPER.createObjectNode().put("tier", tier.name());
        ArrayNode points = answer.putArray("milestones");
        try (EncodedEpisodes episodes = new EncodedEpisodes(new Episodes(home, kept, 11, true))) {
            TierGrowth growth = new TierGrowth(tier, Path.of(arguments[2]), queries, episodes);
            for (int milestone : milestones) {
                points.add(growth.reach(milestone));
                System.err.println(points.get(points.size() - 1));
            }
        }
        System.out.println(answer);
    }

    private ObjectNode reach(int milestone) throws IOException, InterruptedException {
        ObjectNode point = MAPPER.createObjectNode().put("memories", milestone);
        try (OpenStore open = OpenStore.at(directory.toString(), 0)) {
            int before = count;
            double seconds = fill(open, milestone);
            double settling = OwnProcess.settle().toNanos() / 1e9;
            point.put("ingestPerSecond", (milestone - before) / seconds);
            point.put("indexedPerSecond", (milestone - before) / (seconds + settling));
        }
        long start = System.nanoTime();
        try (OpenStore open = OpenStore.at(directory.toString(), 0)) {
            open.store().search(search(queries[0], false));
            point.put("openToFirstSearchSeconds", (System.nanoTime() - start) / 1e9);
            OwnProcess.settle();
            latency(open);
            point.set("search", latency(open));
            point.put("recallAt10", quality(open));
            Statistics statistics = open.store().statistics();
            point.put("recordBytes", statistics.recordBytes())
                    .put("indexBytes", statistics.indexBytes())
                    .put("heapAfterCollection", OwnProcess.heapAfterCollection())
                    .put("resident", OwnProcess.resident());
        }
        return point;
    }

    /** The seconds that writing took, without those for making what is written. */
    private double fill(OpenStore open, int milestone) throws IOException {
        long writing = 0;
        while (count < milestone) {
            List<Entry> entries = new ArrayList<>(BATCH);
            for (int i = Math.min(BATCH, milestone - count); i > 0; i--) {
                entries.add(entry());
            }
            long start = System.nanoTime();
            open.store().append(new Append(entries, Optional.empty()));
            writing += System.nanoTime() - start;
        }
        return writing / 1e9;
    }

    private Entry entry() throws IOException {
        EncodedEpisodes.Encoded encoded = episodes.next();
        ObjectNode payload = MAPPER.createObjectNode();
        JsonNode state = encoded.memory().get("state");
        payload.set("state", tier == Tier.LTM ? episodes.declared(state) : state);
        if (tier != Tier.LTM) {
            payload.set("action", encoded.memory().get("action"));
        }
        Memory memory = NumberedMemories.of(count++, tier, payload, tier == Tier.LTM);
        return new Entry(memory, Map.of(OpenStore.VERSION, episodes.compress(encoded.vector(), tier.resolution())));
    }

    private ObjectNode latency(OpenStore open) {
        Histogram histogram = new Histogram(3);
        for (float[] query : queries) {
            long start = System.nanoTime();
            open.store().search(search(query, false));
            histogram.recordValue(System.nanoTime() - start);
        }
        return MAPPER.createObjectNode()
                .put("p50", histogram.getValueAtPercentile(50) / 1e6)
                .put("p99", histogram.getValueAtPercentile(99) / 1e6);
    }

    /** The share of found memories that are no farther than the farthest true neighbour: equally near ones all count. */
    private double quality(OpenStore open) {
        int kept = 0;
        int wanted = 0;
        for (int i = 0; i < CHECKED; i++) {
            float[] query = queries[i * (QUERIES / CHECKED)];
            List<Search.Hit> exact = open.store().search(search(query, true));
            double farthest = exact.getLast().distance();
            wanted += exact.size();
            for (Search.Hit hit : open.store().search(search(query, false))) {
                kept += hit.distance() <= farthest * (1 + 1e-6) + 1e-6 ? 1 : 0;
            }
        }
        return (double) kept / wanted;
    }

    private Search search(float[] query, boolean exact) {
        return new Search(OpenStore.VERSION, Map.of(tier, query), NEIGHBOURS, Filter.ALL, Set.of(), exact);
    }
}
