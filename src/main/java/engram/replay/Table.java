package engram.replay;

import engram.error.Unavailable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Transitions to learn from, in this process:
 *
 * <pre>{@code
 * TransitionShape shape = TransitionShape.of(4, 1);
 * Table table = Table.inMemory(TableSettings.prioritized(shape, 100_000, 0.6)
 *         .withLimiter(RateLimiter.minimumSize(1_000)));
 * Batch batch = new Batch(shape, 64);
 * table.insert(observation, action, reward, next, terminated, truncated);
 * if (table.canSample(64)) {
 *     table.sample(batch, 64, beta, random);
 *     // learn from batch, then
 *     table.updatePriorities(batch.positions(), errors, batch.size());
 * }
 * }</pre>
 *
 * <p>Neither an insertion nor a sample allocates. Not thread-safe: one thread, that of the learner. The same settings,
 * calls and random numbers give the same batches, bit for bit.
 */
public interface Table extends AutoCloseable {
    /** A table in the memory of this process. Room is taken as it fills. */
    static Table inMemory(TableSettings settings) {
        return new ComposedTable(settings, new HeapRows(RowLayout.of(settings.shape()), settings.capacity()));
    }

    /**
     * A table in memory with the whole state that {@link #write} wrote: it goes on bit for bit.
     *
     * @throws engram.error.Damaged if these are not the bytes of a table, or not all of them are as they were written
     */
    static Table read(DataInput in) throws IOException {
        return TableFormat.read(in);
    }

    /**
     * A table in files, for more rows than memory has room for, that is there again after its process has ended, however it
     * ended. Resident are the newest up to 256 rows, 8 bytes a row for priorities where they are kept, and as much of the
     * files as the operating system's page cache finds room for, the pages touched last; a draw of an old row reads one page
     * from the disk. Files grow in steps of about 16 MiB, filled before they are used.
     *
     * <p>A block of 256 rows is safe from the end of the process as soon as it is full, the rest after {@link #flush} or
     * {@link #close}; only after those is all of it safe from the end of the machine. Priorities are not in the files: after
     * a new opening all rows have that of a new one. If the disk is full, an insertion throws
     * {@link engram.error.StorageFull} and keeps nothing, rows there are can be drawn, and the next insertion tries again.
     *
     * @param settings with {@link Remover.Oldest}
     * @param directory of this table alone; made where it is not there
     * @throws engram.error.Damaged if the files are of a table of other widths or another capacity
     * @throws engram.error.Unavailable if the table is open already, here or in another process, or cannot be read
     */
    static Opened mapped(TableSettings settings, Path directory) {
        if (!(settings.remover() instanceof Remover.Oldest)) {
            throw new IllegalArgumentException("A table in files removes the oldest row first.");
        }
        try {
            MappedRows rows = new MappedRows(RowLayout.of(settings.shape()), settings.capacity(), directory);
            MappedRows.Recovered found = rows.recover(settings.capacity());
            ComposedTable table = new ComposedTable(settings, rows);
            table.restoreRows(found);
            return new Opened(table, found.damaged());
        } catch (IOException e) {
            throw new Unavailable("The replay table in " + directory + " cannot be opened.", Duration.ofSeconds(10), e);
        }
    }

    /**
     * A table from files.
     *
     * @param table with the newest whole row, and the whole ones before it without a gap
     * @param damagedBlocks how many blocks of 256 rows were not as they were written; their rows are cut off, and those before
     *     them unless they are the newest
     */
    record Opened(Table table, int damagedBlocks) {}

    /** What it is made of. */
    TableSettings settings();

    /** How many rows it holds. */
    int size();

    /** How many rows have been inserted since it was made. */
    long inserted();

    /** How many rows have been sampled since it was made. */
    long sampled();

    /** Whether the limiter lets {@code rows} rows be inserted now. Only advice: inserting counts, but is never refused. */
    boolean canInsert(int rows);

    /** Whether the limiter lets {@code rows} rows be sampled now; never of an empty table. */
    boolean canSample(int rows);

    /**
     * Inserts a row; a full table first removes one. The arrays are copied.
     *
     * @param nextActionMask ignored where the shape has no mask; null where all actions are possible
     * @throws engram.error.InvalidInput if a width is another than the shape's or a number is not finite, naming the
     *     field; nothing is kept then
     * @throws engram.error.StorageFull if the disk has no room, where the table is on a disk
     */
    void insert(
            float[] observation,
            float[] action,
            float reward,
            float[] nextObservation,
            boolean terminated,
            boolean truncated,
            int steps,
            boolean @Nullable [] nextActionMask);

    /** Inserts a row, as above. */
    default void insert(Transition transition) {
        insert(
                transition.observation(),
                transition.action(),
                transition.reward(),
                transition.nextObservation(),
                transition.terminated(),
                transition.truncated(),
                transition.steps(),
                transition.nextActionMask());
    }

    /** Inserts a row of one step without a mask, as above. */
    default void insert(
            float[] observation,
            float[] action,
            float reward,
            float[] nextObservation,
            boolean terminated,
            boolean truncated) {
        insert(observation, action, reward, nextObservation, terminated, truncated, 1, null);
    }

    /**
     * Fills a batch by the table's sampler. A row may come more than once.
     *
     * @param rows how many, 1 to the batch's capacity
     * @param beta how far the importance weights correct what drawing by priority distorts, in [0,1]: weight(i) =
     *     (min P / P(i))^beta, that is Schaul's (n·P(i))^−beta divided by the largest of the batch; without meaning for
     *     other samplers
     * @throws IllegalStateException if the table is empty
     */
    void sample(Batch batch, int rows, double beta, RandomGenerator random);

    /**
     * Fills a batch with the rows whose observations are nearest to one by Euclidean distance, nearest first; of fewer
     * candidates than rows are asked for, all. The search is exact among the candidates. Its cost grows with their
     * number: candidates far apart cost a miss of the cache each, 0.25 ms for 10,000 of a million CartPole rows.
     *
     * @param like an observation
     * @param candidates how many rows are compared, evenly spread from a random first one; all where the table has no
     *     more
     * @throws IllegalStateException if the table is empty
     */
    void sampleSimilar(Batch batch, int rows, float[] like, int candidates, RandomGenerator random);

    /**
     * Tells how much can be learned from rows, usually the size of their temporal-difference errors. Rows that have been
     * removed since they were sampled are passed over. Does nothing where neither sampler nor remover looks at priorities.
     *
     * @param positions from {@link Batch#positions}
     * @param priorities from 0 to 1e25; the sampler's epsilon is added to them
     * @param count how many of both arrays are meant
     * @throws engram.error.InvalidInput if one is none of these numbers; then none is changed
     */
    void updatePriorities(long[] positions, float[] priorities, int count);

    /** Writes the whole state, for {@link #read}. */
    void write(DataOutput out) throws IOException;

    /**
     * Writes what was inserted since a moment, all priorities and all counters: a small step from one checkpoint to the
     * next.
     *
     * @param inserted what {@link #inserted} was at that moment
     */
    void writeSince(DataOutput out, long inserted) throws IOException;

    /**
     * Takes in what {@link #writeSince} wrote. Full state and steps, each from where the one before ended, give the state
     * of the table that wrote them.
     *
     * @throws engram.error.Damaged if the bytes are not as they were written, or are the step of another table or from
     *     another moment; if so, this table must not be used on
     */
    void readSince(DataInput in) throws IOException;

    /**
     * Makes sure that all rows survive the end of the process and of the machine, where the table is in files.
     */
    void flush();

    /** Flushes and ends. */
    @Override
    void close();
}
