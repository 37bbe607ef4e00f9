package engram.encoder;

import java.util.Objects;

/**
 * A trained encoder: the multi-resolution autoencoder (d → 512 → 256 → 384, then linear to 128 and to 32) with the
 * weights of one version. It computes in plain Java and needs no native library; a vector costs some tens of
 * microseconds, fewer the more features are 0. A state gives the same bits alone and in any batch. The 384 numbers come
 * from a layer of 256, so they lie in a space of at most 256 dimensions. Thread-safe.
 */
public final class AutoencoderEncoder implements Encoder {
    private final int version;
    private final AutoencoderInference inference;
    private final ScoreScale scale;
    private volatile boolean closed;

    /**
     * @param version of this encoder within its space, 1 or more
     * @param weights of every layer, named as by {@link AutoencoderTrainer}; must not be changed afterwards
     * @param scale how distances of its vectors become scores
     * @throws engram.error.Damaged if a weight is missing or has another shape
     */
    public AutoencoderEncoder(int version, Weights weights, ScoreScale scale) {
        if (version < 1) {
            throw new IllegalArgumentException("a trained encoder has version 1 or more, not " + version);
        }
        this.version = version;
        this.inference = new AutoencoderInference(weights);
        this.scale = Objects.requireNonNull(scale, "scale");
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public int inputs() {
        return inference.features();
    }

    @Override
    public float[][] encode(float[][] features) {
        requireOpen();
        return inference.encode(features);
    }

    @Override
    public float[] compress(float[] vector, Resolution from, Resolution to) {
        requireOpen();
        return inference.compress(vector, from, to);
    }

    @Override
    public float[][] reconstruct(float[][] vectors, Resolution resolution) {
        requireOpen();
        return inference.reconstruct(vectors, resolution);
    }

    @Override
    public double score(Resolution resolution, double distance) {
        requireOpen();
        return scale.score(resolution, distance);
    }

    @Override
    public double distance(Resolution resolution, double score) {
        requireOpen();
        return scale.distance(resolution, score);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The encoder of version " + version + " is closed.");
        }
    }
}
