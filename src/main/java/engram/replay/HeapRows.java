package engram.replay;

/** Rows in arrays of this process, taken in pieces as the table fills. */
final class HeapRows implements Rows {
    private static final int MOST_NUMBERS = 1 << 20;

    private final RowLayout layout;
    private final int width;
    private final int shift;
    private final float[][] pieces;

    HeapRows(RowLayout layout, int capacity) {
        this.layout = layout;
        this.width = layout.width();
        int rows = Integer.highestOneBit(Math.max(1, Math.min(2 * capacity - 1, MOST_NUMBERS / width)));
        this.shift = Integer.numberOfTrailingZeros(rows);
        this.pieces = new float[((capacity - 1) >> shift) + 1][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = new float[0];
        }
    }

    @Override
    public void put(int slot, long number, float[] row) {
        float[] piece = pieces[slot >> shift];
        if (piece.length == 0) {
            piece = new float[width << shift];
            pieces[slot >> shift] = piece;
        }
        System.arraycopy(row, 0, piece, start(slot), width);
    }

    @Override
    public void copy(int slot, long number, float[] row) {
        System.arraycopy(pieces[slot >> shift], start(slot), row, 0, width);
    }

    @Override
    public void read(int slot, long number, Batch batch, int place) {
        layout.unpack(pieces[slot >> shift], start(slot), batch, place);
    }

    @Override
    public float peek(int slot) {
        float[] piece = pieces[slot >> shift];
        int start = start(slot);
        return piece[start] + piece[start + width - 1];
    }

    @Override
    public float squaredDistance(int slot, long number, float[] like) {
        return SquaredDistance.of(like, pieces[slot >> shift], start(slot));
    }

    @Override
    public void flush(long sampled) {
        // Rows in memory do not survive.
    }

    @Override
    public void close() {
        // The arrays go with this object.
    }

    private int start(int slot) {
        return (slot & ((1 << shift) - 1)) * width;
    }
}
