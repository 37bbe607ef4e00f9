package engram.memory.embedded;

import engram.error.Unavailable;
import engram.memory.EmbeddingVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** The Lucene index that searches use at the moment: none before it is open, then one after another. Thread-safe. */
final class IndexInUse {
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final EmbeddingVersion version;
    private final Duration readyWait;
    private final CountDownLatch ready = new CountDownLatch(1);

    /** Searches read; closing writes. */
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    private volatile @Nullable LuceneIndex index;
    private volatile boolean closed;

    /** @param readyWait how long a search waits for the first index */
    IndexInUse(EmbeddingVersion version, Duration readyWait) {
        this.version = version;
        this.readyWait = readyWait;
    }

    boolean isClosed() {
        return closed;
    }

    /** The index that is open, if there is one. */
    @Nullable
    LuceneIndex get() {
        return closed ? null : index;
    }

    /** Reads the index once it is open. */
    <T> T read(Reading<T> reading) {
        awaitReady();
        use.readLock().lock();
        try {
            LuceneIndex open = get();
            if (open == null) {
                throw new Unavailable("the index of " + version + " is closed", Duration.ofMillis(10));
            }
            return reading.from(open);
        } catch (IOException e) {
            throw new Unavailable("the index of " + version + " cannot be read", RETRY, e);
        } finally {
            use.readLock().unlock();
        }
    }

    private void awaitReady() {
        boolean isReady;
        try {
            isReady = ready.await(readyWait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while waiting for the index", RETRY, e);
        }
        if (!isReady) {
            throw new Unavailable("the index of " + version + " is being built from the record", RETRY);
        }
    }

    /** Lets searches use an index, and closes the one they used before once none of them does. */
    void replace(LuceneIndex opened) throws IOException {
        LuceneIndex before = index;
        index = opened;
        ready.countDown();
        if (before != null) {
            use.writeLock().lock();
            try {
                before.close();
            } finally {
                use.writeLock().unlock();
            }
        }
    }

    /**
     * Closes the index; later searches fail.
     *
     * @param last done to the index before
     */
    void close(Writing last) throws IOException {
        use.writeLock().lock();
        try {
            LuceneIndex open = get();
            if (open != null) {
                last.to(open);
                open.close();
            }
        } finally {
            closed = true;
            ready.countDown();
            use.writeLock().unlock();
        }
    }

    /** Something read from the index. */
    interface Reading<T> {
        T from(LuceneIndex index) throws IOException;
    }

    /** Something done to the index. */
    interface Writing {
        void to(LuceneIndex index) throws IOException;
    }
}
