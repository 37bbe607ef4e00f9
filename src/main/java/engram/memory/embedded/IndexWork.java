package engram.memory.embedded;

import engram.memory.EmbeddingVersion;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Opens, fills, commits and closes the Lucene index of one version. Whatever is wrong with its files, the index is made
 * again from the record; while it cannot be written, searches go on with what it held last. Thread-safe.
 */
final class IndexWork {
    private static final System.Logger LOG = System.getLogger(IndexWork.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(5);

    /** Over which time few changes make it a quiet one, in which the index is merged further. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    /** The part of the overlay's threshold up to which changes in that time are few. */
    private static final int QUIET_SHARE = 8;

    private final EmbeddingVersion version;
    private final Path directory;
    private final String space;
    private final ReadConnections record;
    private final Overlay overlay;
    private final EmbeddedSettings.IndexSettings settings;
    private final ScheduledExecutorService executor;
    private final Runnable committed;
    private final IndexInUse inUse;

    /** Held while the index is opened, written or closed. */
    private final ReentrantLock work = new ReentrantLock();

    private final AtomicBoolean commitScheduled = new AtomicBoolean();
    private final AtomicBoolean quietCheckScheduled = new AtomicBoolean();
    private final AtomicBoolean refreshScheduled = new AtomicBoolean();
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
        this.inUse = new IndexInUse(version, settings.readyWait());
    }

    long committedSequence() {
        return committedSequence;
    }

    /** Reads the index once it is open. */
    <T> T read(IndexInUse.Reading<T> reading) {
        return inUse.read(reading);
    }

    /** Opens the index and brings it up to the record; builds it anew if it is missing or not intact. */
    void open() {
        work.lock();
        try {
            if (inUse.isClosed()) {
                return;
            }
            inUse.replace(openOrRebuild());
            failing = false;
            drain();
            mergeOnceQuiet();
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
        LuceneIndex opened = LuceneIndex.open(directory, space, version, target, settings, this::showMerged);
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

    /** Moves what is in the overlay into the index. */
    void drain() {
        writing(open -> {
            long upTo = overlay.sequence();
            List<Overlay.Change> changes = new ArrayList<>(overlay.changes());
            changes.sort(Comparator.comparingLong(change -> change.sequence));
            if (changes.size() > settings.overlayThreshold() / QUIET_SHARE) {
                open.mergeWhileBusy();
            }
            moveInParts(changes, open);
            if (!changes.isEmpty()) {
                drained += changes.size();
                mergeOnceQuiet();
            }
            applied = upTo;
            uncommitted += changes.size();
            commitIfDue(open);
        });
    }

    /**
     * Makes segments so small that graphs are left to merging, which has threads of its own: writers who wait for room
     * would wait for the graph of everything that had gathered.
     */
    private void moveInParts(List<Overlay.Change> changes, LuceneIndex open) throws IOException {
        int part = settings.overlayThreshold();
        for (int from = 0; from < changes.size(); from += part) {
            List<Overlay.Change> moved = changes.subList(from, Math.min(changes.size(), from + part));
            write(moved, open);
            open.refresh();
            overlay.remove(moved);
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

    private void mergeOnceQuiet() {
        if (quietCheckScheduled.compareAndSet(false, true)) {
            long before = drained;
            schedule(() -> mergeIfQuiet(before), QUIET);
        }
    }

    private void mergeIfQuiet(long drainedBefore) {
        quietCheckScheduled.set(false);
        writing(open -> {
            if (drained - drainedBefore <= settings.overlayThreshold() / QUIET_SHARE) {
                open.mergeWhileQuiet();
            } else {
                mergeOnceQuiet();
            }
        });
    }

    /** Lets searches use merged segments as soon as they are there, instead of after the next change. */
    private void showMerged() {
        if (refreshScheduled.compareAndSet(false, true)) {
            schedule(this::refreshNow, Duration.ZERO);
        }
    }

    private void refreshNow() {
        refreshScheduled.set(false);
        writing(LuceneIndex::refresh);
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
        writing(open -> {
            if (uncommitted > 0) {
                commit(open);
            }
        });
    }

    /** Does something with the index, if it can be written. */
    private void writing(IndexInUse.Writing writing) {
        work.lock();
        try {
            LuceneIndex open = inUse.get();
            if (open != null && !failing) {
                writing.to(open);
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
        LuceneIndex open = inUse.get();
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
        inUse.close(open -> {
            if (commit && !failing && uncommitted > 0) {
                open.commit(applied);
            }
        });
    }
}
