package engram.replay;

/**
 * Where the rows of a table lie. A row is named by its slot, below the capacity, and by its insertion number; where the
 * oldest row is always the one removed, the slot is the number modulo the capacity.
 */
interface Rows extends AutoCloseable {
    /** Keeps a row of {@link RowLayout#width} numbers in place of what was in the slot. */
    void put(int slot, long number, float[] row);

    /** Copies a row into the beginning of {@code row}. */
    void copy(int slot, long number, float[] row);

    /** Copies a row into a place of a batch. */
    void read(int slot, long number, Batch batch, int place);

    /** Any number that makes the processor fetch the row into its cache, 0 where that is not worth while. */
    float peek(int slot);

    /** The square of the Euclidean distance of an observation to a row's. */
    float squaredDistance(int slot, long number, float[] like);

    /**
     * Makes sure that what was put survives the machine, where rows survive at all.
     *
     * @param sampled how many rows have been sampled, to be kept with them
     * @throws engram.error.StorageFull if the disk has no room
     */
    void flush(long sampled);

    @Override
    void close();
}
