package engram.memory.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.VectorUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Tight clusters far from each other, written in turn, as many agents do that each repeat themselves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeededNearestQueryTest {
    private static final int CLUSTERS = 200;
    private static final int MEMORIES = 12_000;
    private static final int WIDTH = 32;
    private static final int QUERIES = 100;
    private static final int K = 10;
    private static final int BREADTH = 10;

    private final Random random = new Random(7);
    private final float[][] centres = new float[CLUSTERS][];
    private final float[][] vectors = new float[MEMORIES][];
    private final VectorSamples samples = new VectorSamples();
    private final ByteBuffersDirectory directory = new ByteBuffersDirectory();

    @BeforeAll
    void writeClusters() throws IOException {
        Arrays.setAll(centres, _ -> gaussian(new float[WIDTH], 1));
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig().setRAMBufferSizeMB(256))) {
            for (int i = 0; i < MEMORIES; i++) {
                vectors[i] = gaussian(centres[i % CLUSTERS], 0.02);
                Document document = new Document();
                document.add(new StringField("id", Integer.toString(i), Field.Store.YES));
                document.add(new IntField("number", i, Field.Store.NO));
                if (i % 5 != 0) {
                    document.add(new KnnFloatVectorField("v", vectors[i], VectorSimilarityFunction.EUCLIDEAN));
                }
                writer.addDocument(document);
            }
            for (int i = 0; i < MEMORIES; i += 7) {
                writer.deleteDocuments(new Term("id", Integer.toString(i)));
            }
            writer.forceMerge(1);
        }
    }

    @AfterAll
    void close() throws IOException {
        directory.close();
    }

    private float[] gaussian(float[] centre, double deviation) {
        float[] vector = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            vector[i] = (float) (centre[i] + deviation * random.nextGaussian());
        }
        return vector;
    }

    @Test
    void findsTheRightClusterAmongMany() throws IOException {
        assertThat(recall(i -> true, null, 500)).isGreaterThan(0.9);
    }

    @Test
    void findsWhatAFilterLetsThrough() throws IOException {
        assertThat(recall(i -> i < 8_000, IntField.newRangeQuery("number", 0, 7_999), 500))
                .isGreaterThan(0.9);
    }

    @Test
    void comparesTheFewThatAFilterLeavesOneByOne() throws IOException {
        assertThat(recall(i -> i < 400, IntField.newRangeQuery("number", 0, 399), 500))
                .isEqualTo(1);
    }

    @Test
    void knowsSegmentsWithFewVectors() throws IOException {
        assertThat(recall(i -> true, null, MEMORIES)).isGreaterThan(0.5);
        assertThat(recall(i -> i < 3, IntField.newRangeQuery("number", 0, 2), 0))
                .isEqualTo(1);
    }

    @Test
    void comesCloserThanTheWalkFromTheEntryPoint() throws IOException {
        double walk = recall(i -> true, vector -> new KnnFloatVectorQuery("v", vector, BREADTH));
        assertThat(recall(i -> true, null, 500)).isGreaterThan(walk);
    }

    private double recall(IntPredicate accepted, @Nullable Query filter, int threshold) throws IOException {
        return recall(accepted, vector -> new SeededNearestQuery("v", vector, BREADTH, filter, threshold, samples));
    }

    private double recall(IntPredicate accepted, Making making) throws IOException {
        int found = 0;
        int wanted = 0;
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            for (int i = 0; i < QUERIES; i++) {
                float[] query = gaussian(centres[i % CLUSTERS], 0.02);
                Set<Integer> nearest = nearest(query, accepted);
                wanted += nearest.size();
                for (ScoreDoc document : searcher.search(making.query(query), K).scoreDocs) {
                    String id = searcher.storedFields().document(document.doc).get("id");
                    found += nearest.contains(Integer.valueOf(id)) ? 1 : 0;
                }
            }
        }
        return (double) found / wanted;
    }

    private Set<Integer> nearest(float[] query, IntPredicate accepted) {
        double[] distances = new double[MEMORIES];
        Arrays.setAll(distances, i -> VectorUtil.squareDistance(query, vectors[i]));
        return IntStream.range(0, MEMORIES)
                .filter(i -> i % 5 != 0 && i % 7 != 0 && accepted.test(i))
                .boxed()
                .sorted((one, other) -> Double.compare(distances[one], distances[other]))
                .limit(K)
                .collect(Collectors.toSet());
    }

    private interface Making {
        Query query(float[] vector);
    }
}
