package engram.encoder;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Exact search by Euclidean distance among a few thousand vectors. Held by columns, so that one column of all vectors is
 * compared at once; columns that never vary are left out. Not thread-safe.
 */
final class NearestNeighbours {
    private final float[][] columns;
    private final float[] squared;

    NearestNeighbours(float[][] rows) {
        int width = rows.length == 0 ? 0 : rows[0].length;
        columns = IntStream.range(0, width)
                .filter(column -> Arrays.stream(rows).anyMatch(row -> row[column] != rows[0][column]))
                .mapToObj(column -> column(rows, column))
                .toArray(float[][]::new);
        squared = new float[rows.length];
    }

    /** The rows nearest to a row, without itself, nearest first and by number where equally near. */
    int[] nearest(int query, int k) {
        Arrays.fill(squared, 0);
        for (float[] column : columns) {
            float wanted = column[query];
            for (int row = 0; row < squared.length; row++) {
                float difference = column[row] - wanted;
                squared[row] += difference * difference;
            }
        }
        int[] nearest = new int[Math.min(k, squared.length - 1)];
        int found = 0;
        for (int row = 0; row < squared.length; row++) {
            if (row == query || (found == nearest.length && !(squared[row] < squared[nearest[found - 1]]))) {
                continue;
            }
            int place = found < nearest.length ? found++ : found - 1;
            while (place > 0 && squared[row] < squared[nearest[place - 1]]) {
                nearest[place] = nearest[place - 1];
                place--;
            }
            nearest[place] = row;
        }
        return nearest;
    }

    private static float[] column(float[][] rows, int column) {
        float[] values = new float[rows.length];
        for (int row = 0; row < rows.length; row++) {
            values[row] = rows[row][column];
        }
        return values;
    }
}
