package engram.encoder;

import java.util.List;

/** Turns sentences into embeddings of 384 numbers. Thread-safe. */
public interface TextEncoder extends EmbeddingSpace {
    /**
     * Encodes a batch of texts.
     *
     * @return one new row of 384 numbers a text, in the same order
     */
    float[][] encode(List<String> texts);
}
