package engram.encoder;

import dev.langchain4j.data.segment.TextSegment;
import engram.error.FieldError;
import engram.error.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes sentences with all-MiniLM-L6-v2, whose files come with the product: nothing is downloaded. A text becomes 384
 * numbers of Euclidean length 1, so distances of texts lie in [0,2]. Thread-safe.
 *
 * <p>The model is loaded by the first text that is encoded and then kept; compressing and scoring never need it. The same
 * text gives the same numbers whatever else is in its batch.
 */
public final class MiniLmTextEncoder implements TextEncoder {
    /** Of the projections to 128 and 32 numbers. Stored embeddings depend on it. */
    private static final long COMPRESSION_SEED = 384_128_32L;

    private static final ScoreScale SCALE = ScoreScale.ISOMETRIC;

    private final TextCompression compression = TextCompression.random(COMPRESSION_SEED);
    private final Object loading = new Object();
    private volatile @Nullable MiniLmModel model;

    /**
     * {@inheritDoc}
     *
     * @param texts none of them blank; of any length and language, though the model knows English best
     * @throws InvalidInput for blank texts; the field is "text" if there is one text, else "texts[index]"
     */
    @Override
    public float[][] encode(List<String> texts) {
        List<FieldError> errors = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).isBlank()) {
                errors.add(new FieldError(texts.size() == 1 ? "text" : "texts[" + i + "]", "must not be blank"));
            }
        }
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
        float[][] vectors = new float[texts.size()][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = encode(texts.get(i));
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

    private float[] encode(String text) {
        return model().embed(TextSegment.from(text)).content().vector();
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
