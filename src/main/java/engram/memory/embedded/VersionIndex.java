package engram.memory.embedded;

import engram.error.EngramException;
import engram.error.Unavailable;
import engram.memory.EmbeddingVersion;
import engram.memory.Search;
import engram.memory.Tier;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * The index of one encoder version: a Lucene index, and before it the overlay with what the Lucene index does not hold
 * yet. Changes move from the overlay into the index in the background. Whatever is wrong with the files, the index is
 * made again from the record. Thread-safe.
 */
final class VersionIndex implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(VersionIndex.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final EmbeddingVersion version;
    private final Path directory;
    private final String space;
    private final ReadConnections record;
    private final EmbeddedSettings.IndexSettings settings;
    private final ScheduledExecutorService executor;
    private final Runnable committed;
    private final Overlay overlay;

    /** Held while the Lucene index is opened, written or closed. */
    private final ReentrantLock work = new ReentrantLock();

    /** Searches read; closing writes. */
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    private final CountDownLatch ready = new CountDownLatch(1);
    private final AtomicBoolean drainQueued = new AtomicBoolean();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final AtomicBoolean commitScheduled = new AtomicBoolean();
    private volatile @Nullable LuceneIndex index;
    private volatile boolean closed;
    private volatile long committedSequence;
    private boolean failing;
    private long caughtUpTo;
    private long applied;
    private int uncommitted;

    /**
     * @param space the identity of the space
     * @param sequence the number of the record's last change
     * @param executor where the index is opened and written; not closed by this object
     * @param committed called when the index has become durable up to a later change
     */
    VersionIndex(
            EmbeddingVersion version,
            Path directory,
            String space,
            ReadConnections record,
            long sequence,
            EmbeddedSettings.IndexSettings settings,
            ScheduledExecutorService executor,
            Runnable committed) {
        this.version = version;
        this.directory = directory;
        this.space = space;
        this.record = record;
        this.settings = settings;
        this.executor = executor;
        this.committed = committed;
        this.overlay = new Overlay(sequence);
    }

    /** Begins to open the index; searches wait for it. */
    void start() {
        submit(this::open);
    }

    Path directory() {
        return directory;
    }

    /** Everything up to here would survive a crash in the index. */
    long committedSequence() {
        return committedSequence;
    }

    /** Waits for room for another writer's changes. */
    void awaitRoom() {
        boolean room;
        try {
            room = overlay.awaitRoom(
                    settings.overlayLimit(), settings.writeWait().toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while waiting for the index", RETRY, e);
        }
        if (!room) {
            throw new Unavailable("the index cannot keep up with the writes", RETRY);
        }
    }

    /** Takes over committed changes: searches that begin from now on see them. */
    void publish(Collection<IndexChange> changes, long sequence) {
        boolean concerned = false;
        for (IndexChange change : changes) {
            if (change.concerns(version)) {
                overlay.put(new Overlay.Change(
                        change.row(),
                        change.sequence(),
                        change.fresh(),
                        change.memory(),
                        change.vectors().get(version)));
                concerned = true;
            }
        }
        overlay.advance(sequence);
        if (!concerned) {
            return;
        }
        if (overlay.size() >= settings.overlayThreshold()) {
            if (drainQueued.compareAndSet(false, true)) {
                submit(this::drain);
            }
        } else if (drainScheduled.compareAndSet(false, true)) {
            schedule(
                    () -> {
                        drainScheduled.set(false);
                        drain();
                    },
                    settings.overlayIdle());
        }
    }

    /** What a search found, and whether it may have missed something that changed meanwhile. */
    record Found(List<NearestSearch.Candidate> candidates, boolean raced) {}

    /** Searches overlay and index. */
    Found search(Search search, @Nullable Query filter, Set<Long> excluded) {
        awaitReady();
        use.readLock().lock();
        try {
            LuceneIndex open = index;
            if (closed || open == null) {
                throw new Unavailable("the index of " + version + " is closed", Duration.ofMillis(10));
            }
            NearestSearch nearest = new NearestSearch(search, filter, excluded, settings.searchBreadth(), overlay);
            Map<Tier, PriorityQueue<NearestSearch.Candidate>> waiting = nearest.overlayCandidates();
            IndexSearcher searcher = open.acquire();
            try {
                List<NearestSearch.Candidate> candidates = nearest.nearest(waiting, searcher);
                return new Found(candidates, nearest.hasRaced());
            } finally {
                open.release(searcher);
            }
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
    private void open() {
        work.lock();
        try {
            if (closed) {
                return;
            }
            LuceneIndex opened;
            try {
                opened = openAndCatchUp();
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.WARNING, "the index of " + version + " at " + directory + " is built anew", e);
                FileTrees.deleteTree(directory);
                opened = openAndCatchUp();
            }
            replaceIndex(opened);
            failing = false;
            ready.countDown();
        } catch (IOException | RuntimeException e) {
            failing = true;
            LOG.log(Level.ERROR, "the index of " + version + " at " + directory + " cannot be opened", e);
            schedule(this::open, RETRY);
        } finally {
            work.unlock();
        }
        drain();
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
            uncommitted += changed;
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
    private void drain() {
        drainQueued.set(false);
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

    /** Searches go on with what the index held last and the overlay; the index is opened again a little later. */
    private void giveUpWriting(Exception cause) {
        failing = true;
        LOG.log(Level.ERROR, "the index of " + version + " at " + directory + " cannot be written", cause);
        LuceneIndex open = index;
        if (open != null) {
            open.stopWriting();
        }
        schedule(this::open, RETRY);
    }

    private void commit(LuceneIndex open) throws IOException {
        open.commit(applied);
        committedSequence = applied;
        uncommitted = 0;
        committed.run();
    }

    private void submit(Runnable task) {
        schedule(task, Duration.ZERO);
    }

    private void schedule(Runnable task, Duration delay) {
        try {
            var _ = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the store is closing", e);
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (EngramException e) {
                LOG.log(Level.WARNING, "background work of an index failed", e);
            }
        };
    }

    /** Commits what the index holds and closes it; later searches fail. */
    @Override
    public void close() {
        work.lock();
        try {
            drainBeforeClose();
        } finally {
            work.unlock();
        }
    }

    private void drainBeforeClose() {
        if (closed) {
            return;
        }
        drain();
        use.writeLock().lock();
        try {
            closed = true;
            ready.countDown();
            LuceneIndex open = index;
            if (open != null) {
                if (!failing && uncommitted > 0) {
                    open.commit(applied);
                }
                open.close();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the index of " + version + " is caught up at the next start", e);
        } finally {
            use.writeLock().unlock();
        }
    }

    /** Closes the index and removes its files. */
    void drop() {
        work.lock();
        try {
            use.writeLock().lock();
            try {
                closed = true;
                ready.countDown();
                LuceneIndex open = index;
                if (open != null) {
                    open.close();
                }
                FileTrees.deleteTree(directory);
            } finally {
                use.writeLock().unlock();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the files of the index of " + version + " could not be removed", e);
        } finally {
            work.unlock();
        }
    }
}
