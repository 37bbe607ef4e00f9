package engram.memory.embedded;

import engram.error.Unavailable;
import engram.memory.EmbeddingVersion;
import engram.memory.Search;
import engram.memory.Tier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * The index of one encoder version: a Lucene index, and before it the overlay with what the Lucene index does not hold
 * yet. Changes move from the overlay into the index in the background. Thread-safe.
 */
final class VersionIndex implements AutoCloseable {
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final EmbeddingVersion version;
    private final EmbeddedSettings.IndexSettings settings;
    private final Overlay overlay;
    private final IndexWork work;
    private final AtomicBoolean drainQueued = new AtomicBoolean();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();

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
        this.settings = settings;
        this.overlay = new Overlay(sequence);
        this.work = new IndexWork(version, directory, space, record, overlay, settings, executor, committed);
    }

    /** Begins to open the index; searches wait for it. */
    void start() {
        work.schedule(work::open, Duration.ZERO);
    }

    /** Everything up to here would survive a crash in the index. */
    long committedSequence() {
        return work.committedSequence();
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
                work.schedule(() -> drain(drainQueued), Duration.ZERO);
            }
        } else if (drainScheduled.compareAndSet(false, true)) {
            work.schedule(() -> drain(drainScheduled), settings.overlayIdle());
        }
    }

    private void drain(AtomicBoolean requested) {
        requested.set(false);
        work.drain();
    }

    /** What a search found, and whether it may have missed something that changed meanwhile. */
    record Found(List<NearestSearch.Candidate> candidates, boolean raced) {}

    /** Searches overlay and index. */
    Found search(Search search, @Nullable Query filter, Set<Long> excluded) {
        return work.read(index -> {
            NearestSearch nearest = new NearestSearch(search, filter, excluded, settings, overlay);
            Map<Tier, PriorityQueue<NearestSearch.Candidate>> waiting = nearest.overlayCandidates();
            List<NearestSearch.Candidate> candidates =
                    index.search((searcher, samples) -> nearest.nearest(waiting, searcher, samples));
            return new Found(candidates, nearest.hasRaced());
        });
    }

    /** Commits what the index holds and closes it; later searches fail. */
    @Override
    public void close() {
        work.close();
    }

    /** Closes the index and removes its files. */
    void drop() {
        work.drop();
    }
}
