package engram.benchmarks.micro;

import engram.benchmarks.store.NumberedMemories;
import engram.benchmarks.store.OpenStore;
import engram.benchmarks.store.OwnProcess;
import engram.benchmarks.vectors.EncodedEpisodes;
import engram.benchmarks.vectors.Episodes;
import engram.memory.Append;
import engram.memory.Departure;
import engram.memory.Entry;
import engram.memory.MemoryStore;
import engram.memory.Tier;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A store with equally many memories of encoded episodes in each tier. An embedded one is filled once and kept; every
 * process of a benchmark gets a copy. One in Redis, whose address is the system property
 * {@code engram.benchmarks.redis}, is filled by the first process and kept by Redis.
 */
final class PreparedStore implements AutoCloseable {
    /** The numbers of memories of this tier begin here, so that more can be written without meeting another tier's. */
    private static final int APART = 100_000_000;

    private static final int BATCH = 256;
    private static final Path WORK = Path.of("target/benchmarks/micro");
    private static final Path EPISODES = Path.of("target/benchmarks/episodes");

    private final OpenStore open;
    private final EncodedEpisodes episodes;
    private final Tier tier;
    private final int filled;
    private int next;

    private PreparedStore(OpenStore open, EncodedEpisodes episodes, Tier tier, int filled) {
        this.open = open;
        this.episodes = episodes;
        this.tier = tier;
        this.filled = filled;
        this.next = filled;
    }

    /**
     * Opens a store, at rest.
     *
     * @param name {@code embedded} or {@code redis}
     * @param each how many memories each tier has
     * @param tier that further memories are made for
     */
    static PreparedStore open(String name, int each, Tier tier) throws IOException, InterruptedException {
        String place;
        if (name.equals("redis")) {
            place = System.getProperty("engram.benchmarks.redis", "redis://127.0.0.1:6379");
            fill(place, each);
        } else {
            Path kept = WORK.resolve("store-" + each);
            if (!Files.exists(kept.resolve("complete"))) {
                remove(kept);
                fill(kept.toString(), each);
                Files.createFile(kept.resolve("complete"));
            }
            Path copy = WORK.resolve("copy-" + ProcessHandle.current().pid());
            copy(kept, copy);
            place = copy.toString();
        }
        OpenStore open = OpenStore.at(place, 0);
        OwnProcess.settle();
        EncodedEpisodes more = new EncodedEpisodes(new Episodes(Path.of("."), EPISODES, 31, false));
        return new PreparedStore(open, more, tier, first(tier) + each);
    }

    private static void fill(String place, int each) throws IOException, InterruptedException {
        try (OpenStore open = OpenStore.at(place, 0)) {
            for (Tier tier : Tier.values()) {
                EncodedEpisodes episodes = new EncodedEpisodes(new Episodes(Path.of("."), EPISODES, 11, true));
                if (open.store().statistics().byTier().getOrDefault(tier, 0L) < each) {
                    PreparedStore part = new PreparedStore(open, episodes, tier, first(tier));
                    for (int written = 0; written < each; written += BATCH) {
                        open.store().append(part.append(Math.min(BATCH, each - written)));
                    }
                }
                episodes.close();
            }
            OwnProcess.settle();
        }
    }

    MemoryStore store() {
        return open.store();
    }

    /** The next memories with their vectors, not written yet. */
    Append append(int count) throws IOException {
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            float[] vector = episodes.compress(episodes.next().vector(), tier.resolution());
            entries.add(new Entry(NumberedMemories.of(next++, tier), Map.of(OpenStore.VERSION, vector)));
        }
        return new Append(entries, Optional.empty());
    }

    /** Vectors of states that are not in the store. */
    static float[][] queries(int count, Tier tier) throws IOException {
        float[][] queries = new float[count][];
        try (EncodedEpisodes episodes = new EncodedEpisodes(new Episodes(Path.of("."), EPISODES, 21, false))) {
            for (int i = 0; i < count; i++) {
                queries[i] = episodes.compress(episodes.next().vector(), tier.resolution());
            }
        }
        return queries;
    }

    private static int first(Tier tier) {
        return switch (tier) {
            case STM -> 0;
            case IM -> APART;
            case LTM -> 2 * APART;
        };
    }

    /** The id of one of the memories that a tier was filled with. */
    static String id(Tier tier, int number) {
        return "m" + (first(tier) + number);
    }

    @Override
    public void close() throws IOException {
        // A Redis serves the next process as well, which is to find what this one found.
        for (int number = filled; number < next; number += BATCH) {
            List<String> ids = IntStream.range(number, Math.min(next, number + BATCH))
                    .mapToObj(written -> "m" + written)
                    .toList();
            open.store().delete(ids, Departure.DELETED);
        }
        open.close();
        episodes.close();
        remove(WORK.resolve("copy-" + ProcessHandle.current().pid()));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
