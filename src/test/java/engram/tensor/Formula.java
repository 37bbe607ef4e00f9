package engram.tensor;

/** The numbers that the scripts in {@code src/test/python} compute with, exactly. */
public final class Formula {
    private Formula() {}

    /** A number in [0,1) for an index: a hash of 32 bits. */
    public static double number(long index, long salt) {
        long x = (index * 2654435761L + salt * 40503 + 1) & 0xFFFFFFFFL;
        x = ((x ^ (x >> 15)) * 2246822519L) & 0xFFFFFFFFL;
        x = ((x ^ (x >> 13)) * 3266489917L) & 0xFFFFFFFFL;
        return (x ^ (x >> 16)) / 4294967296.0;
    }

    /** Numbers within ±scale. */
    public static float[] fill(int count, long salt, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) ((2 * number(i, salt) - 1) * scale);
        }
        return values;
    }
}
