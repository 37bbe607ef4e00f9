package engram.replay;

import engram.error.Damaged;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A table over rows wherever they lie. */
final class ComposedTable implements Table {
    private final TableSettings settings;
    private final RowLayout layout;
    private final Rows rows;
    private final int capacity;
    private final boolean oldestFirst;
    private final Priorities priorities;
    private final RowDraws draws = new RowDraws();
    /** The insertion number in each slot; empty where the number follows from the slot. */
    private final long[] numbers;

    private final float[] row;
    private long inserted;
    private long sampled;
    private int size;
    /** {@code inserted} modulo the capacity. */
    private int head;

    private long removalState;
    /** Keeps the numbers that are read ahead from being optimised away. */
    @SuppressWarnings("UnusedVariable")
    private float readAhead;

    ComposedTable(TableSettings settings, Rows rows) {
        this.settings = settings;
        this.layout = RowLayout.of(settings.shape());
        this.rows = rows;
        this.capacity = settings.capacity();
        this.oldestFirst = settings.remover() instanceof Remover.Oldest;
        this.priorities = new Priorities(settings);
        this.numbers = new long[oldestFirst ? 0 : capacity];
        this.row = new float[layout.width()];
        this.removalState = settings.remover() instanceof Remover.Uniform(long seed) ? seed : 0;
    }

    @Override
    public TableSettings settings() {
        return settings;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long inserted() {
        return inserted;
    }

    @Override
    public long sampled() {
        return sampled;
    }

    @Override
    public boolean canInsert(int count) {
        return settings.limiter().canInsert(inserted, sampled, count);
    }

    @Override
    public boolean canSample(int count) {
        return size > 0 && settings.limiter().canSample(inserted, sampled, count);
    }

    @Override
    public void insert(
            float[] observation,
            float[] action,
            float reward,
            float[] nextObservation,
            boolean terminated,
            boolean truncated,
            int steps,
            boolean @Nullable [] nextActionMask) {
        layout.pack(row, observation, action, reward, nextObservation, terminated, truncated, steps, nextActionMask);
        int slot = freeSlot();
        rows.put(slot, inserted, row);
        if (!oldestFirst) {
            numbers[slot] = inserted;
        }
        priorities.add(slot);
        inserted++;
        head = head + 1 == capacity ? 0 : head + 1;
        size = Math.min(size + 1, capacity);
    }

    @Override
    public void sample(Batch batch, int count, double beta, RandomGenerator random) {
        begin(batch, count);
        if (settings.sampler() instanceof Sampler.Prioritized) {
            draws.byPriority(priorities.sums(), batch, beta, random);
            for (int i = 0; i < count; i++) {
                batch.positions()[i] = position((int) batch.positions()[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                batch.positions()[i] = position(slotAt(draws.place(settings.sampler(), size, random)));
            }
            Arrays.fill(batch.weights(), 0, count, 1);
        }
        read(batch, count);
    }

    @Override
    public void sampleSimilar(Batch batch, int count, float[] like, int candidates, RandomGenerator random) {
        begin(batch, count);
        if (like.length != settings.shape().observationWidth() || candidates < 1) {
            throw new IllegalArgumentException("An observation of "
                    + settings.shape().observationWidth() + " numbers is compared with at least 1 row, not one of "
                    + like.length + " with " + candidates + ".");
        }
        int compared = Math.min(candidates, size);
        int stride = size / compared;
        Nearest nearest = draws.nearest(Math.min(count, compared));
        int place = compared == size ? 0 : random.nextInt(size);
        for (int i = 0; i < compared; i++) {
            int slot = slotAt(place);
            nearest.offer(rows.squaredDistance(slot, number(slot), like), position(slot));
            place += stride;
            if (place >= size) {
                place -= size;
            }
        }
        int found = nearest.found();
        batch.resize(found);
        for (int i = 0; i < found; i++) {
            batch.positions()[i] = nearest.position(i);
        }
        Arrays.fill(batch.weights(), 0, found, 1);
        read(batch, found);
    }

    @Override
    public void updatePriorities(long[] positions, float[] values, int count) {
        priorities.check(values, count);
        for (int i = 0; i < count; i++) {
            int slot = (int) positions[i];
            if (slot >= 0 && slot < capacity && isFilled(slot) && position(slot) == positions[i]) {
                priorities.update(slot, values[i]);
            }
        }
    }

    @Override
    public void write(DataOutput out) throws IOException {
        TableFormat.write(this, out, false, 0);
    }

    @Override
    public void writeSince(DataOutput out, long since) throws IOException {
        TableFormat.write(this, out, true, since);
    }

    @Override
    public void readSince(DataInput in) throws IOException {
        TableFormat.readSince(this, in);
    }

    @Override
    public void flush() {
        rows.flush(sampled);
    }

    @Override
    public void close() {
        rows.flush(sampled);
        rows.close();
    }

    RowLayout layout() {
        return layout;
    }

    Priorities priorities() {
        return priorities;
    }

    /** Whether a slot's number follows from what was inserted. */
    boolean oldestFirst() {
        return oldestFirst;
    }

    /** The slot of one of the rows, by age from the oldest on where the oldest is removed first. */
    int slotAt(int place) {
        if (!oldestFirst) {
            return place;
        }
        int slot = head - size + place;
        return slot < 0 ? slot + capacity : slot;
    }

    /** The insertion number of the row in a filled slot. */
    long number(int slot) {
        if (!oldestFirst) {
            return numbers[slot];
        }
        long lapStart = inserted - head;
        return slot < head ? lapStart + slot : lapStart - capacity + slot;
    }

    /** Copies the row in a filled slot into {@code into}. */
    void copy(int slot, float[] into) {
        rows.copy(slot, number(slot), into);
    }

    /** What removal by chance has come to. */
    long removalState() {
        return removalState;
    }

    /** Takes over saved counters, and forgets what was there beyond them. */
    void restoreCounters(long savedInserted, long savedSampled, int savedSize, long savedRemovalState) {
        if (savedSize < 0 || savedSize > capacity || savedInserted < savedSize || savedSampled < 0) {
            throw new Damaged("A table that had " + savedInserted + " rows inserted cannot hold " + savedSize + ".");
        }
        inserted = savedInserted;
        head = (int) (savedInserted % capacity);
        sampled = savedSampled;
        size = savedSize;
        removalState = savedRemovalState;
    }

    /** Takes over rows that were found where they lie; their priorities are not known. */
    void restoreRows(MappedRows.Recovered found) {
        restoreCounters(found.inserted(), found.sampled(), found.size(), 0);
        for (int place = 0; place < size; place++) {
            priorities.add(slotAt(place));
        }
    }

    void restoreRow(int slot, long number, float[] from) {
        rows.put(slot, number, from);
        if (!oldestFirst) {
            numbers[slot] = number;
        }
    }

    private void begin(Batch batch, int count) {
        if (size == 0) {
            throw new IllegalStateException("An empty table has nothing to sample: ask canSample first.");
        }
        if (!batch.shape().equals(settings.shape())) {
            throw new IllegalArgumentException(
                    "The batch is for " + batch.shape() + ", the table has " + settings.shape() + ".");
        }
        batch.resize(count);
    }

    private void read(Batch batch, int count) {
        // First a number of every row: the processor fetches them side by side, where a copy would wait for each.
        float ahead = 0;
        for (int i = 0; i < count; i++) {
            ahead += rows.peek((int) batch.positions()[i]);
        }
        readAhead = ahead;
        for (int i = 0; i < count; i++) {
            int slot = (int) batch.positions()[i];
            rows.read(slot, number(slot), batch, i);
        }
        sampled += count;
    }

    private int freeSlot() {
        if (oldestFirst) {
            return head;
        }
        if (size < capacity) {
            return size;
        }
        if (settings.remover() instanceof Remover.LowestPriority) {
            return priorities.lowest();
        }
        // SplitMix64 (Steele, Lea, Flood 2014), written out because its state is saved; the bias of the product is
        // below
        // capacity / 2^64.
        removalState += 0x9e3779b97f4a7c15L;
        long mixed = (removalState ^ (removalState >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        mixed ^= mixed >>> 31;
        return (int) Math.unsignedMultiplyHigh(mixed, capacity);
    }

    /** The low half of the insertion number, so that an old position is told from a new one, and the slot. */
    private long position(int slot) {
        return number(slot) << 32 | slot;
    }

    private boolean isFilled(int slot) {
        return oldestFirst ? number(slot) >= inserted - size : slot < size;
    }
}
