package engram.replay;

/** Squares of Euclidean distances, in four sums at a time whose order is fixed: the same number everywhere. */
final class SquaredDistance {
    private SquaredDistance() {}

    /** Of {@code like} to as many numbers from {@code at} on. */
    static float of(float[] like, float[] numbers, int at) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int i = 0;
        for (; i + 3 < like.length; i += 4) {
            float d0 = like[i] - numbers[at + i];
            float d1 = like[i + 1] - numbers[at + i + 1];
            float d2 = like[i + 2] - numbers[at + i + 2];
            float d3 = like[i + 3] - numbers[at + i + 3];
            first += d0 * d0;
            second += d1 * d1;
            third += d2 * d2;
            fourth += d3 * d3;
        }
        for (; i < like.length; i++) {
            float d = like[i] - numbers[at + i];
            first += d * d;
        }
        return first + second + third + fourth;
    }
}
