package engram.encoder;

import java.util.Arrays;
import java.util.List;

/**
 * The three foldings inputs → 384 → 128 → 32, made so that the whole chain is one row of 32 × 32 matrices out of one
 * {@link GoldFrames} family. Immutable.
 */
final class FoldingChain {
    private static final int BLOCK = GoldFrames.SIZE;

    private final Folding toFull;
    private final Folding toCompressed;
    private final Folding toAbstract;
    private final int blocks;

    FoldingChain(int inputs, long seed) {
        blocks = (inputs + BLOCK - 1) / BLOCK;
        int full = Resolution.FULL.dimensions() / BLOCK;
        int compressed = Resolution.COMPRESSED.dimensions() / BLOCK;
        List<double[]> frames = GoldFrames.frames(Math.max(blocks, full), new SplitMix(seed));
        // the slots after 384 first go where the default schema has the rear of the perception grid, seldom used
        toFull = new Folding(blocks, full, frames, block -> (block - 8) % full);
        toCompressed = new Folding(full, compressed, frames, block -> block % compressed);
        toAbstract = new Folding(compressed, 1, frames, block -> 0);
    }

    /** The differences of features from the reference, at full resolution. */
    float[] encode(float[] differences) {
        return apply(toFull, differences, Resolution.FULL);
    }

    /** To the same or a narrower resolution; a new array. */
    float[] compress(float[] vector, Resolution from, Resolution to) {
        float[] result = vector.clone();
        if (from == Resolution.FULL && to != Resolution.FULL) {
            result = apply(toCompressed, result, Resolution.COMPRESSED);
        }
        if (from != Resolution.ABSTRACT && to == Resolution.ABSTRACT) {
            result = apply(toAbstract, result, Resolution.ABSTRACT);
        }
        return result;
    }

    /** From differences to a vector of the resolution. */
    float[] forward(float[] differences, Resolution resolution) {
        return compress(encode(differences), Resolution.FULL, resolution);
    }

    /** The transpose of {@link #forward}. */
    void backward(float[] vector, Resolution resolution, float[] differences) {
        float[] full = vector;
        if (resolution == Resolution.ABSTRACT) {
            full = applyTransposed(toAbstract, full, Resolution.COMPRESSED);
        }
        if (resolution != Resolution.FULL) {
            full = applyTransposed(toCompressed, full, Resolution.FULL);
        }
        toFull.applyTransposed(full, differences);
    }

    /** For each input block how many input blocks lie on top of each other where it ends up. */
    int[] layers(Resolution resolution) {
        int[] ends = new int[blocks];
        int[] count = new int[resolution.dimensions() / BLOCK];
        for (int block = 0; block < blocks; block++) {
            int end = toFull.target(block);
            if (resolution != Resolution.FULL) {
                end = toCompressed.target(end);
            }
            if (resolution == Resolution.ABSTRACT) {
                end = toAbstract.target(end);
            }
            ends[block] = end;
            count[end]++;
        }
        return Arrays.stream(ends).map(end -> count[end]).toArray();
    }

    private static float[] apply(Folding folding, float[] wide, Resolution to) {
        float[] narrow = new float[to.dimensions()];
        folding.apply(wide, narrow);
        return narrow;
    }

    private static float[] applyTransposed(Folding folding, float[] narrow, Resolution to) {
        float[] wide = new float[to.dimensions()];
        folding.applyTransposed(narrow, wide);
        return wide;
    }
}
