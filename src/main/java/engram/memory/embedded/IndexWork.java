package engram.memory.embedded;

import engram.error.Unavailable;
import engram.memory.EmbeddingVersion;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Opens, fills, commits and closes the Lucene index of one version. Whatever is wrong with its files, the index is made
 * again from the record; while it cannot be written, searches go on with what it held last. Thread-safe.
 */
final class IndexWork {
    private static final System.Logger LOG = System.getLogger(IndexWork.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(5);

    /** After which time without writes the index is merged further. */
    private static final Duration IDLE = Duration.ofSeconds(3);

    private final EmbeddingVersion version;
    private final Path directory;
    private final String space;
    private final ReadConnections record;
    private final Overlay overlay;
    private final EmbeddedSettings.IndexSettings settings;
    private final ScheduledExecutorService executor;
    private final Runnable committed;

    /** Held while the index is opened, written or closed. */
    private final ReentrantLock work = new ReentrantLock();

    /** Searches read; closing writes. */
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    private final CountDownLatch ready = new CountDownLatch(1);
    private final AtomicBoolean commitScheduled = new AtomicBoolean();
    private final AtomicBoolean idleMergeScheduled = new AtomicBoolean();
    private volatile @Nullable LuceneIndex index;
    private volatile boolean closed;
    private volatile long committedSequence;
    private boolean failing;
    private long caughtUpTo;
    private long applied;
    private int uncommitted;
    private long drained;

    IndexWork(
            EmbeddingVersion version,
            Path directory,
            String space,
            ReadConnections record,
            Overlay overlay,
            EmbeddedSettings.IndexSettings settings,
            ScheduledExecutorService executor,
            Runnable committed) {
        this.version = version;
        this.directory = directory;
        this.space = space;
        this.record = record;
        this.overlay = overlay;
        this.settings = settings;
        this.executor = executor;
        this.committed = committed;
    }

    long committedSequence() {
        return committedSequence;
    }

    /** Reads the index once it is open. */
    <T> T read(Reading<T> reading) {
        awaitReady();
        use.readLock().lock();
        try {
            LuceneIndex open = index;
            if (closed || open == null) {
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
            isReady = ready.await(settings.readyWait().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while waiting for the index", RETRY, e);
        }
        if (!isReady) {
            throw new Unavailable("the index of " + version + " is being built from the record", RETRY);
        }
    }

    /** Opens the index and brings it up to the record; builds it anew if it is missing or not intact. */
    void open() {
        work.lock();
        try {
            if (closed) {
                return;
            }
            replaceIndex(openOrRebuild());
            failing = false;
            ready.countDown();
            drain();
            mergeWhenIdle();
        } catch (IOException | RuntimeException e) {
            giveUpWriting(e);
        } finally {
            work.unlock();
        }
    }

    private LuceneIndex openOrRebuild() throws IOException {
        try {
            return openAndCatchUp();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "the index of " + version + " at " + directory + " is built anew", e);
            FileTrees.deleteTree(directory);
            return openAndCatchUp();
        }
    }

    private LuceneIndex openAndCatchUp() throws IOException {
        long target = overlay.sequence();
        LuceneIndex opened = LuceneIndex.open(directory, space, version, target, settings);
        try {
            committedSequence = opened.sequence();
            CatchUp catchUp = new CatchUp(record, version, opened);
            int changed = catchUp.run(target);
            opened.refresh();
            caughtUpTo = Math.max(target, catchUp.lastRow());
            applied = target;
            uncommitted = changed;
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void replaceIndex(LuceneIndex opened) throws IOException {
        LuceneIndex before = index;
        index = opened;
        if (before != null) {
            use.writeLock().lock();
            try {
                before.close();
            } finally {
                use.writeLock().unlock();
            }
        }
    }

    /** Moves what is in the overlay into the index. */
    void drain() {
        work.lock();
        try {
            LuceneIndex open = index;
            if (closed || open == null || failing) {
                return;
            }
            long upTo = overlay.sequence();
            List<Overlay.Change> changes = new ArrayList<>(overlay.changes());
            write(changes, open);
            if (!changes.isEmpty()) {
                open.refresh();
                overlay.remove(changes);
                drained += changes.size();
                mergeWhenIdle();
            }
            applied = upTo;
            uncommitted += changes.size();
            commitIfDue(open);
        } catch (IOException | RuntimeException e) {
            giveUpWriting(e);
        } finally {
            work.unlock();
        }
    }

    private void write(List<Overlay.Change> changes, LuceneIndex open) throws IOException {
        for (Overlay.Change change : changes) {
            if (change.fresh && change.sequence > caughtUpTo) {
                open.add(change);
            } else {
                open.replace(change);
            }
        }
    }

    private void mergeWhenIdle() {
        if (idleMergeScheduled.compareAndSet(false, true)) {
            long before = drained;
            schedule(() -> mergeIfIdle(before), IDLE);
        }
    }

    private void mergeIfIdle(long drainedBefore) {
        idleMergeScheduled.set(false);
        work.lock();
        try {
            LuceneIndex open = index;
            if (closed || open == null || failing) {
                return;
            }
            if (drained == drainedBefore) {
                open.mergeWhileIdle();
            } else {
                mergeWhenIdle();
            }
        } catch (IOException | RuntimeException e) {
            giveUpWriting(e);
        } finally {
            work.unlock();
        }
    }

    private void commitIfDue(LuceneIndex open) throws IOException {
        if (uncommitted >= settings.commitChanges()) {
            commit(open);
        } else if (uncommitted > 0 && commitScheduled.compareAndSet(false, true)) {
            schedule(this::commitNow, settings.commitInterval());
        }
    }

    private void commitNow() {
        commitScheduled.set(false);
        work.lock();
        try {
            LuceneIndex open = index;
            if (!closed && open != null && !failing && uncommitted > 0) {
                commit(open);
            }
        } catch (IOException | RuntimeException e) {
            giveUpWriting(e);
        } finally {
            work.unlock();
        }
    }

    private void commit(LuceneIndex open) throws IOException {
        open.commit(applied);
        committedSequence = applied;
        uncommitted = 0;
        committed.run();
    }

    /** Searches go on with what the index held last and the overlay; the index is opened again a little later. */
    private void giveUpWriting(Exception cause) {
        failing = true;
        LOG.log(Level.ERROR, "the index of " + version + " at " + directory + " cannot be opened or written", cause);
        LuceneIndex open = index;
        if (open != null) {
            open.stopWriting();
        }
        schedule(this::open, RETRY);
    }

    /** Runs background work, unless the store is closing. */
    void schedule(Runnable task, Duration delay) {
        try {
            var _ = executor.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the store is closing", e);
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "background work of the index of " + version + " failed", e);
        }
    }

    /** Commits what the index holds and closes it. */
    void close() {
        work.lock();
        try {
            drain();
            closeIndex(true);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the index of " + version + " is caught up at the next start", e);
        } finally {
            work.unlock();
        }
    }

    /** Closes the index and removes its files. */
    void drop() {
        work.lock();
        try {
            closeIndex(false);
            FileTrees.deleteTree(directory);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the files of the index of " + version + " could not be removed", e);
        } finally {
            work.unlock();
        }
    }

    private void closeIndex(boolean commit) throws IOException {
        use.writeLock().lock();
        try {
            LuceneIndex open = index;
            if (!closed && open != null) {
                if (commit && !failing && uncommitted > 0) {
                    open.commit(applied);
                }
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
}
