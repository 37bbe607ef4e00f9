package engram.memory.embedded;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.VectorUtil;
import org.jspecify.annotations.Nullable;

/**
 * Sketches of some vectors of a segment, side by side in memory. Comparing with all of them costs less than a few steps of
 * a walk, whose vectors lie anywhere in a large file: a sketch has one byte for each of a few random directions, which
 * roughly keep distances (Johnson and Lindenstrauss, 1984), and all sketches together stay in the processor's cache.
 */
final class VectorSample {
    private static final int LARGEST = 4_096;
    private static final int SMALLEST = 256;

    /** Of how many vectors one is in the sample, within these bounds. */
    private static final int SAMPLED = 32;

    private static final int DIRECTIONS = 64;
    private static final long SEED = 0x5EED;

    private final int[] ordinals;
    private final int[] documents;
    private final float[][] directions;
    private final float scale;
    private final Sketches sketches;

    private VectorSample(int[] ordinals, int[] documents, float[][] directions, float[][] projected) {
        this.ordinals = ordinals;
        this.documents = documents;
        this.directions = directions;
        float largest = Float.MIN_NORMAL;
        for (float[] vector : projected) {
            for (float value : vector) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        this.scale = Byte.MAX_VALUE / largest;
        byte[][] all = new byte[projected.length][];
        Arrays.setAll(all, i -> sketch(projected[i]));
        this.sketches = Sketches.of(all);
    }

    /**
     * Reads a sample. One of each part of the segment is taken, by chance: what agents write in turn lies at even
     * distances, and a sample at even distances would know one agent only.
     */
    static VectorSample of(FloatVectorValues values) throws IOException {
        int all = values.size();
        int parts = Math.min(all, Math.clamp(all / SAMPLED, SMALLEST, LARGEST));
        int[] ordinals = new int[parts];
        int[] documents = new int[parts];
        float[][] directions = directions(values.dimension());
        float[][] projected = new float[parts][];
        for (int part = 0; part < parts; part++) {
            int from = (int) ((long) part * all / parts);
            int to = (int) ((part + 1L) * all / parts);
            ordinals[part] = from + Math.floorMod(part * 0x9E3779B9, to - from);
            documents[part] = values.ordToDoc(ordinals[part]);
            projected[part] = project(directions, values.vectorValue(ordinals[part]));
        }
        return new VectorSample(ordinals, documents, directions, projected);
    }

    private static float[][] directions(int dimension) {
        SplittableRandom random = new SplittableRandom(SEED);
        float[][] directions = new float[DIRECTIONS][dimension];
        for (float[] direction : directions) {
            for (int i = 0; i < dimension; i++) {
                direction[i] = random.nextBoolean() ? 1 : -1;
            }
        }
        return directions;
    }

    private static float[] project(float[][] directions, float[] vector) {
        float[] projected = new float[directions.length];
        for (int i = 0; i < projected.length; i++) {
            projected[i] = VectorUtil.dotProduct(directions[i], vector);
        }
        return projected;
    }

    private byte[] sketch(float[] projected) {
        byte[] sketch = new byte[projected.length];
        for (int i = 0; i < sketch.length; i++) {
            sketch[i] = (byte) Math.clamp(Math.round(projected[i] * scale), -Byte.MAX_VALUE, Byte.MAX_VALUE);
        }
        return sketch;
    }

    /**
     * The ordinals of those that are about the nearest of the accepted, ascending.
     *
     * @param accepted documents; null if all are
     */
    int[] nearest(float[] target, int count, @Nullable Bits accepted) {
        IntUnaryOperator distances = sketches.distances(sketch(project(directions, target)));
        PriorityQueue<Near> nearest = new PriorityQueue<>(
                count, Comparator.comparingInt(Near::distance).reversed());
        for (int i = 0; i < ordinals.length; i++) {
            if (accepted == null || accepted.get(documents[i])) {
                int distance = distances.applyAsInt(i);
                if (nearest.size() < count) {
                    nearest.add(new Near(ordinals[i], distance));
                } else if (distance < nearest.element().distance()) {
                    nearest.remove();
                    nearest.add(new Near(ordinals[i], distance));
                }
            }
        }
        int[] found = nearest.stream().mapToInt(Near::ordinal).toArray();
        Arrays.sort(found);
        return found;
    }

    private record Near(int ordinal, int distance) {}
}
