package engram.replay;

import java.util.Arrays;

/** The nearest of the candidates offered, nearest first; of equal ones the first offered. Reused, grown when needed. */
final class Nearest {
    private float[] distances = new float[0];
    private long[] positions = new long[0];
    private int most;
    private int found;

    void begin(int count) {
        if (count > distances.length) {
            distances = new float[count];
            positions = new long[count];
        }
        most = count;
        found = 0;
        Arrays.fill(distances, Float.POSITIVE_INFINITY);
    }

    void offer(float distance, long position) {
        if (found == most && !(distance < distances[most - 1])) {
            return;
        }
        int place = found == most ? most - 1 : found++;
        while (place > 0 && distance < distances[place - 1]) {
            distances[place] = distances[place - 1];
            positions[place] = positions[place - 1];
            place--;
        }
        distances[place] = distance;
        positions[place] = position;
    }

    int found() {
        return found;
    }

    long position(int place) {
        return positions[place];
    }
}
