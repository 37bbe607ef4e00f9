package engram.encoder;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A linear map that keeps the first blocks of 32 numbers as they are, turns every further block by an orthogonal matrix
 * and adds it to one of the kept ones. The length of what lies within one block is therefore kept exactly, and the
 * lengths over several blocks up to the small scalar products between their matrices. Immutable.
 */
final class Folding {
    private static final int BLOCK = GoldFrames.SIZE;

    private final int kept;
    private final int[] target;
    private final float[][] turns;
    private final float[][] turnsBack;

    /**
     * A map of {@code blocks} blocks to {@code kept}.
     *
     * @param frames for each block what it looks like at the narrowest resolution
     * @param fold the kept block to which a further block is added
     */
    Folding(int blocks, int kept, List<double[]> frames, IntUnaryOperator fold) {
        this.kept = kept;
        target = new int[Math.max(0, blocks - kept)];
        turns = new float[target.length][];
        turnsBack = new float[target.length][];
        for (int i = 0; i < target.length; i++) {
            target[i] = fold.applyAsInt(kept + i);
            turns[i] = GoldFrames.turn(frames.get(target[i]), frames.get(kept + i));
            turnsBack[i] = GoldFrames.turn(frames.get(kept + i), frames.get(target[i]));
        }
    }

    /** The kept block in which a block ends up. */
    int target(int block) {
        return block < kept ? block : target[block - kept];
    }

    /**
     * Maps a vector.
     *
     * @param wide the vector; it may end before its last block does, or even before the kept ones do
     * @param narrow receives the result, 32 numbers a kept block
     */
    void apply(float[] wide, float[] narrow) {
        int direct = Math.min(wide.length, narrow.length);
        System.arraycopy(wide, 0, narrow, 0, direct);
        Arrays.fill(narrow, direct, narrow.length, 0);
        for (int slot = narrow.length; slot < wide.length; slot++) {
            float value = wide[slot];
            if (value != 0) {
                int block = slot / BLOCK - kept;
                float[] turn = turns[block];
                int column = slot % BLOCK * BLOCK;
                int start = target[block] * BLOCK;
                for (int i = 0; i < BLOCK; i++) {
                    narrow[start + i] += value * turn[column + i];
                }
            }
        }
    }

    /** The transposed map: from the narrow vector, all of it, to the wide one, however long that is. */
    void applyTransposed(float[] narrow, float[] wide) {
        System.arraycopy(narrow, 0, wide, 0, Math.min(wide.length, narrow.length));
        float[] turned = new float[BLOCK];
        for (int first = narrow.length; first < wide.length; first += BLOCK) {
            int block = first / BLOCK - kept;
            float[] back = turnsBack[block];
            int start = target[block] * BLOCK;
            Arrays.fill(turned, 0);
            for (int i = 0; i < BLOCK; i++) {
                float value = narrow[start + i];
                for (int j = 0; j < BLOCK; j++) {
                    turned[j] += value * back[BLOCK * i + j];
                }
            }
            System.arraycopy(turned, 0, wide, first, Math.min(BLOCK, wide.length - first));
        }
    }
}
