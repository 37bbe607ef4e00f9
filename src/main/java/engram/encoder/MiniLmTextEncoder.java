package engram.encoder;

import engram.error.FieldError;
import engram.error.InvalidInput;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Encodes sentences with all-MiniLM-L6-v2, whose files come with the product: nothing is downloaded. A text becomes 384
 * numbers of Euclidean length 1, so distances of texts lie in [0,2]. Thread-safe.
 *
 * <p>The model is loaded by the first text that is encoded and then kept; compressing and scoring never need it. On one
 * machine the same text gives the same numbers, bit for bit, whatever else is in its batch; another processor may round
 * otherwise.
 */
public final class MiniLmTextEncoder implements TextEncoder {
    /**
     * Calibrated on 360,000 pairs of sentences with {@code text_compression.py}: the medians of the ratios of their
     * distances, and the knee and softness with which the three scores of each pair lie within 0.04 of each other.
     */
    private static final ScoreScale SCALE = new ScoreScale(1, 1.176, 1.8, 2, 6);

    private final TextCompression compression = TextCompression.load();
    private final Object loading = new Object();
    private volatile @Nullable MiniLmModel model;

    /**
     * {@inheritDoc}
     *
     * <p>Texts of a batch are spread over the processors.
     *
     * @param texts none of them without anything that the model sees, such as spaces and control characters only; of any
     *     length and language, though of long ones only the beginning counts and English is known best
     * @throws InvalidInput for every such text; the field is "text" if there is one text, else "texts[index]"
     */
    @Override
    public float[][] encode(List<String> texts) {
        if (texts.isEmpty()) {
            return new float[0][];
        }
        // On the calling thread, whose class loader sees the libraries.
        MiniLmModel loaded = model();
        float[][] vectors = new float[texts.size()][];
        List<FieldError> errors = IntStream.range(0, vectors.length)
                .parallel()
                .filter(i -> !encode(loaded, texts.get(i), vectors, i))
                .mapToObj(i -> new FieldError(vectors.length == 1 ? "text" : "texts[" + i + "]", "must not be blank"))
                .toList();
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
        return vectors;
    }

    @Override
    public float[] compress(float[] vector, Resolution from, Resolution to) {
        return compression.compress(vector, from, to);
    }

    @Override
    public double score(Resolution resolution, double distance) {
        return SCALE.score(resolution, distance);
    }

    @Override
    public double distance(Resolution resolution, double score) {
        return SCALE.distance(resolution, score);
    }

    /** Whether the model is in memory. */
    boolean loaded() {
        return model != null;
    }

    private static boolean encode(MiniLmModel model, String text, float[][] vectors, int index) {
        if (text.isBlank()) {
            return false;
        }
        try {
            vectors[index] = model.encode(text);
            return true;
        } catch (IllegalArgumentException e) {
            // Blank to the tokenizer, which knows more kinds of nothing: control characters, spaces of no width.
            return false;
        }
    }

    private MiniLmModel model() {
        MiniLmModel loaded = model;
        if (loaded == null) {
            synchronized (loading) {
                loaded = model;
                if (loaded == null) {
                    loaded = MiniLmModel.load();
                    model = loaded;
                }
            }
        }
        return loaded;
    }
}
