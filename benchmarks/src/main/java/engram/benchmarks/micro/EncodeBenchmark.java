package engram.benchmarks.micro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.encoder.AutoencoderEncoder;
import engram.encoder.AutoencoderTrainer;
import engram.encoder.AutoencoderTraining;
import engram.encoder.Encoder;
import engram.encoder.RandomProjectionEncoder;
import engram.encoder.ScoreScale;
import engram.feature.FeatureExtractor;
import engram.feature.FeatureSchema;
import engram.run.Progress;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
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
import org.openjdk.jmh.annotations.Warmup;

/** From a state to features and from features to vectors, by both kinds of encoder, one state and 64 at a time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EncodeBenchmark {
    private static final int STATES = 1_024;

    /** Which encoder. */
    @Param({"projection", "trained"})
    public String encoder = "";

    /** How many states at once. */
    @Param({"1", "64"})
    public int batch;

    private final FeatureExtractor extractor = new FeatureExtractor(FeatureSchema.defaults());
    private final List<JsonNode> states = new ArrayList<>();
    private final List<float[]> features = new ArrayList<>();
    private Encoder subject = new RandomProjectionEncoder(1, 1, new float[1]);
    private int next;

    /** Reads recorded states and trains the encoder if one is asked for. */
    @Setup
    public void read() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        Path recording = Path.of("samples/recordings/gathering.ndjson.gz");
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(recording)), StandardCharsets.UTF_8))) {
            lines.readLine();
            for (int i = 0; i < STATES; i++) {
                states.add(mapper.readTree(lines.readLine()).get("state"));
            }
        }
        float[][] rows = new float[STATES][];
        boolean[][] present = new boolean[STATES][];
        for (int i = 0; i < STATES; i++) {
            var extracted = extractor.extract(states.get(i));
            rows[i] = extracted.values();
            present[i] = extracted.present();
            features.add(rows[i]);
        }
        FeatureSchema schema = FeatureSchema.defaults();
        if (encoder.equals("projection")) {
            float[] empty = extractor.extract(mapper.createObjectNode()).values();
            subject = new RandomProjectionEncoder(schema.inputs(), 1, empty);
        } else {
            var trained = new AutoencoderTrainer(new TensorEngine(TensorSettings.defaults()))
                    .train(rows, present, AutoencoderTraining.seeded(1).withEpochs(1), Progress.unobserved());
            subject = new AutoencoderEncoder(1, trained.weights(), ScoreScale.ISOMETRIC);
        }
    }

    /** Features to vectors of 384 numbers. */
    @Benchmark
    public float[][] encode() {
        float[][] rows = new float[batch][];
        for (int i = 0; i < batch; i++) {
            rows[i] = features.get(next++ % STATES);
        }
        return subject.encode(rows);
    }

    /** States to features. */
    @Benchmark
    public float extract() {
        float sum = 0;
        for (int i = 0; i < batch; i++) {
            sum += extractor.extract(states.get(next++ % STATES)).values()[0];
        }
        return sum;
    }
}
