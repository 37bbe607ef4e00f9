package engram.benchmarks.vectors;

import java.util.Arrays;

/** The rows nearest to one query that were offered so far, nearest first; of equally near ones those offered first. */
final class NearestRows {
    private final int[] rows;
    private final float[] distances;
    private int size;

    NearestRows(int capacity) {
        rows = new int[capacity];
        distances = new float[capacity];
    }

    void offer(int row, float distance) {
        if (size == rows.length && distance >= distances[size - 1]) {
            return;
        }
        int place = Arrays.binarySearch(distances, 0, size, distance);
        place = place < 0 ? -place - 1 : place;
        while (place < size && distances[place] == distance) {
            place++;
        }
        size = Math.min(size + 1, rows.length);
        System.arraycopy(rows, place, rows, place + 1, size - place - 1);
        System.arraycopy(distances, place, distances, place + 1, size - place - 1);
        rows[place] = row;
        distances[place] = distance;
    }

    /** The rows, nearest first, and −1 where fewer were offered than there is room for. */
    int[] rows() {
        int[] found = rows.clone();
        Arrays.fill(found, size, found.length, -1);
        return found;
    }
}
