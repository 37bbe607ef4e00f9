package engram.encoder;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * The linear maps 384 → 128 → 32 of text embeddings: the first 128 principal components of sentences of several kinds,
 * strongest first, and of these the first 32 (src/test/python/text_compression.py fits them). The rows are orthonormal,
 * so no distance grows. Stored vectors depend on the resource; it never changes, a new fit gets a new number. The same
 * numbers everywhere, bit for bit. Immutable.
 */
final class TextCompression {
    private static final String RESOURCE = "text-compression-1.bin";

    private final DenseKernel toCompressed;

    private TextCompression(DenseKernel toCompressed) {
        this.toCompressed = toCompressed;
    }

    /** Reads 197 kB from the class path. */
    static TextCompression load() {
        try (InputStream resource = TextCompression.class.getResourceAsStream(RESOURCE)) {
            byte[] bytes = Objects.requireNonNull(resource, RESOURCE).readAllBytes();
            Weights weights = WeightsCodec.decode(bytes, Path.of(RESOURCE));
            int compressed = Resolution.COMPRESSED.dimensions();
            float[] rows = weights.values("text.compression", compressed, Resolution.FULL.dimensions());
            return new TextCompression(DenseKernel.of(rows, new float[compressed]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link EmbeddingSpace#compress}. */
    float[] compress(float[] vector, Resolution from, Resolution to) {
        VectorChecks.checkCompression(vector, from, to);
        float[] wide = vector;
        if (from == Resolution.FULL && to != Resolution.FULL) {
            wide = toCompressed.apply(new float[][] {vector})[0];
        }
        return Arrays.copyOf(wide, to.dimensions());
    }
}
