package engram.memory.embedded;

import engram.memory.Memory;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one index does not hold yet: the last change of each row that the record has and the index snapshot has not.
 * Thread-safe.
 */
final class Overlay {
    private final ConcurrentHashMap<Long, Change> changes = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private volatile long sequence;

    Overlay(long sequence) {
        this.sequence = sequence;
    }

    /** Everything up to here has been put in. */
    long sequence() {
        return sequence;
    }

    void put(Change change) {
        changes.merge(change.row, change, (_, after) -> after);
    }

    void advance(long to) {
        sequence = to;
    }

    Collection<Change> changes() {
        return changes.values();
    }

    @Nullable
    Change get(long row) {
        return changes.isEmpty() ? null : changes.get(row);
    }

    int size() {
        return changes.size();
    }

    /** Takes out changes that the index holds now, unless the row has changed again. */
    void remove(Collection<Change> held) {
        held.forEach(change -> changes.remove(change.row, change));
        lock.lock();
        try {
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there are fewer than {@code limit} changes; false if there still are not. */
    boolean awaitRoom(int limit, long nanoseconds) throws InterruptedException {
        if (changes.size() < limit) {
            return true;
        }
        long left = nanoseconds;
        lock.lock();
        try {
            while (changes.size() >= limit && left > 0) {
                left = room.awaitNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)))
                        + Math.max(0, left - TimeUnit.MILLISECONDS.toNanos(100));
            }
        } finally {
            lock.unlock();
        }
        return changes.size() < limit;
    }

    /** The state of one row. Compared by identity. */
    static final class Change {
        final long row;
        final long sequence;
        final boolean fresh;
        final @Nullable Memory memory;
        final float @Nullable [] vector;

        /**
         * @param sequence the number of the change
         * @param fresh whether no index can hold the row yet
         * @param memory the memory, null if it is gone
         * @param vector its vector of this index's version, null if it has none
         */
        Change(long row, long sequence, boolean fresh, @Nullable Memory memory, float @Nullable [] vector) {
            this.row = row;
            this.sequence = sequence;
            this.fresh = fresh;
            this.memory = memory;
            this.vector = vector;
        }

        /** A row that an index is not to hold. */
        static Change gone(long row) {
            return new Change(row, 0, false, null, null);
        }
    }
}
