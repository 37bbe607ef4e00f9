package engram.tensor;

/** Exchanges rows and columns. */
final class Transposition {
    /** Rows and columns of a tile, whose lines all fit into the first-level cache. */
    private static final int TILE = 16;

    private Transposition() {}

    /** @param values rows × columns; a new array of columns × rows comes back */
    static float[] of(float[] values, int rows, int columns) {
        float[] turned = new float[rows * columns];
        for (int top = 0; top < rows; top += TILE) {
            int bottom = Math.min(rows, top + TILE);
            for (int left = 0; left < columns; left += TILE) {
                int right = Math.min(columns, left + TILE);
                for (int column = left; column < right; column++) {
                    int to = column * rows;
                    for (int row = top; row < bottom; row++) {
                        turned[to + row] = values[row * columns + column];
                    }
                }
            }
        }
        return turned;
    }
}
