package engram.encoder;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.AbstractInProcessEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.OnnxBertBiEncoder;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The sentence model all-MiniLM-L6-v2 with 8-bit weights (Reimers and Gurevych 2019; Wang et al. 2020), in process on
 * ONNX. Thread-safe.
 *
 * <p>Loaded here and not by the class of the library for two reasons: that one looks for its files with the class loader
 * of the thread, which is another one on worker threads, and lets every sentence spread over all cores, which makes
 * sentences that are encoded at the same time slow each other down.
 */
final class MiniLmModel extends AbstractInProcessEmbeddingModel {
    private final OnnxBertBiEncoder encoder;

    private MiniLmModel(OnnxBertBiEncoder encoder) {
        super(Runnable::run);
        this.encoder = encoder;
    }

    /** Reads the 23 MB of the model from the class path. One thread at a time. */
    static MiniLmModel load() {
        // The tokenizer's library would report its use over the network.
        setUnlessSet("ai.djl.offline", "true");
        setUnlessSet("OPT_OUT_TRACKING", "true");
        try (UnpackedLibraries _ = UnpackedLibraries.write();
                InputStream model = TextModelFile.MODEL.open();
                InputStream tokenizer = TextModelFile.TOKENIZER.open()) {
            return load(model, tokenizer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MiniLmModel load(InputStream model, InputStream tokenizer) throws IOException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            OrtSession session = environment.createSession(model.readAllBytes(), options);
            return new MiniLmModel(new OnnxBertBiEncoder(environment, session, tokenizer, PoolingMode.MEAN));
        } catch (OrtException e) {
            throw new IllegalStateException("the text model cannot be loaded: " + e.getMessage(), e);
        }
    }

    /**
     * One text, on the calling thread.
     *
     * @return 384 numbers of Euclidean length 1
     * @throws IllegalArgumentException if the model sees nothing in the text
     */
    float[] encode(String text) {
        return embedAll(List.of(TextSegment.from(text))).content().get(0).vector();
    }

    @Override
    protected OnnxBertBiEncoder model() {
        return encoder;
    }

    @Override
    protected Integer knownDimension() {
        return Resolution.FULL.dimensions();
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
