package engram.encoder;

import engram.error.InvalidInput;

/** What every encoder asks of its arguments. */
final class VectorChecks {
    private VectorChecks() {}

    /** Refuses a row of another length or with a number that is not finite. */
    static void check(float[] row, int length, String name, int index) {
        check(row, length, name + "[" + index + "]");
    }

    /** Refuses a compression to a wider resolution and a vector that is not of the first one. */
    static void checkCompression(float[] vector, Resolution from, Resolution to) {
        if (to.compareTo(from) < 0) {
            throw new InvalidInput(
                    "to", "must not be wider than " + from.dimensions() + " numbers, is " + to.dimensions());
        }
        check(vector, from.dimensions(), "vector");
    }

    static void check(float[] row, int length, String name) {
        if (row.length != length) {
            throw new InvalidInput(name, "must have " + length + " numbers, has " + row.length);
        }
        for (int i = 0; i < length; i++) {
            if (!Float.isFinite(row[i])) {
                throw new InvalidInput(name + "[" + i + "]", "must be a finite number, is " + row[i]);
            }
        }
    }
}
