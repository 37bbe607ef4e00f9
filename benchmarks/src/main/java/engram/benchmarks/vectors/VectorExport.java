package engram.benchmarks.vectors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/**
 * Writes one set of vectors to plain files, so that stores and peers work on the same: {@code vectors.f32},
 * {@code queries.f32} (rows of 384 little-endian float32), {@code neighbours-100.i32}, {@code -10} and {@code -1} (for
 * each query the 100 nearest rows, nearest first, as little-endian int32, among that share of the rows in percent), and
 * {@code set.json}. Does nothing where the same set is there already.
 *
 * <p>Arguments: the project's directory, where episodes are kept, the directory to write to, {@code episodes},
 * {@code clustered} or {@code uniform}, how many vectors, how many queries, how many threads.
 */
public final class VectorExport {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int VECTOR_SEED = 11;
    private static final int QUERY_SEED = 21;
    private static final int NEIGHBOURS = 100;
    private static final int[] SHARES = {100, 10, 1};

    private final Path home;
    private final Path episodes;
    private final String name;

    private VectorExport(Path home, Path episodes, String name) {
        this.home = home;
        this.episodes = episodes;
        this.name = name;
    }

    /** Writes the files. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[2]);
        int count = Integer.parseInt(arguments[4]);
        int queries = Integer.parseInt(arguments[5]);
        ObjectNode description = MAPPER.createObjectNode()
                .put("set", arguments[3])
                .put("vectors", count)
                .put("queries", queries)
                .put("dimensions", VectorSource.DIMENSIONS)
                .put("vectorSeed", VECTOR_SEED)
                .put("querySeed", QUERY_SEED)
                .put("neighbours", NEIGHBOURS);
        Path file = directory.resolve("set.json");
        if (Files.exists(file) && description.equals(MAPPER.readTree(file.toFile()))) {
            return;
        }
        Files.createDirectories(directory);
        Files.deleteIfExists(file);
        VectorExport export = new VectorExport(Path.of(arguments[0]), Path.of(arguments[1]), arguments[3]);
        export.write(directory.resolve("vectors.f32"), VECTOR_SEED, count);
        export.write(directory.resolve("queries.f32"), QUERY_SEED, queries);
        neighbours(directory, Integer.parseInt(arguments[6]));
        Files.writeString(file, MAPPER.writeValueAsString(description));
    }

    private void write(Path file, int seed, int count) throws IOException {
        try (VectorSource source = source(seed)) {
            VectorFile.write(file, source, count);
        }
    }

    private VectorSource source(int seed) {
        return switch (name) {
            case "episodes" ->
                new EpisodeVectors(new EncodedEpisodes(new Episodes(home, episodes, seed, seed == VECTOR_SEED)));
            case "clustered" -> new ClusteredVectors(seed);
            case "uniform" -> new UniformVectors(seed);
            default -> throw new IllegalArgumentException("episodes, clustered or uniform, not " + name);
        };
    }

    private static void neighbours(Path directory, int threads)
            throws IOException, InterruptedException, ExecutionException {
        try (VectorFile vectors = new VectorFile(directory.resolve("vectors.f32"));
                VectorFile queries = new VectorFile(directory.resolve("queries.f32"))) {
            int[][][] found = new ExactNeighbours(vectors, queries, SHARES, NEIGHBOURS).find(threads);
            for (int share = 0; share < SHARES.length; share++) {
                ByteBuffer row = ByteBuffer.allocate(NEIGHBOURS * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                Path file = directory.resolve("neighbours-" + SHARES[share] + ".i32");
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                    for (int[] rows : found[share]) {
                        row.asIntBuffer().put(rows);
                        out.write(row.array());
                    }
                }
            }
        }
    }

    /** What the states of episodes are embedded as. */
    private record EpisodeVectors(EncodedEpisodes episodes) implements VectorSource {
        @Override
        public float[] next() throws IOException {
            return episodes.next().vector();
        }

        @Override
        public void close() throws IOException {
            episodes.close();
        }
    }
}
