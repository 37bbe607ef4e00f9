package engram.memory.embedded;

import engram.error.EngramException;
import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.ChangeEvent;
import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Filter;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Scan;
import engram.memory.Search;
import engram.memory.Statistics;
import engram.memory.Update;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.search.Query;

/** The store of one space: its record, and one index a live encoder version. */
final class EmbeddedMemoryStore implements MemoryStore, VersionIndexes.Maintenance {
    private static final System.Logger LOG = System.getLogger(EmbeddedMemoryStore.class.getName());
    private static final long COUNT_DELAY_MILLISECONDS = 500;

    private final String space;
    private final Path directory;
    private final EmbeddedSettings settings;
    private final ScheduledExecutorService executor;
    private final ReadConnections record;
    private final RecordWriter writer;
    private final VersionIndexes indexes;
    private final FilterQueries filters;
    private final RecallCounts recalls = new RecallCounts();
    private final AtomicBoolean recallsScheduled = new AtomicBoolean();
    private volatile boolean closed;

    /** Opens the record; the indexes begin to open with {@link #start}. */
    EmbeddedMemoryStore(
            String space,
            Path directory,
            EmbeddedSettings settings,
            InstantSource clock,
            ScheduledExecutorService executor) {
        this.space = space;
        this.directory = directory;
        this.settings = settings;
        this.executor = executor;
        Path file = directory.resolve(DataDirectory.RECORD);
        this.record = new ReadConnections(space, file, settings.record().readConnections());
        try {
            Database database = Database.openWriter(file, settings.record().sizeLimit());
            RecordSchema.check(database, space);
            String identity = database.first("SELECT space FROM progress", row -> row.getString(1))
                    .orElse("");
            this.indexes = new VersionIndexes(
                    directory.resolve(DataDirectory.INDEX), identity, record, settings.index(), executor, this);
            this.writer = new RecordWriter(space, database, clock, settings.record(), this::publish);
        } catch (SQLException e) {
            throw Failures.reading(space, e);
        }
        this.filters =
                new FilterQueries(new RecordCheck(row -> record.read(database -> RecordReader.byRow(database, row))));
    }

    /** Begins to open the indexes. */
    void start() {
        record.read(database -> {
            indexes.change(LiveVersions.read(database), database.number("SELECT sequence FROM progress"));
            return true;
        });
        retired();
    }

    /** The connections that read the record. */
    ReadConnections record() {
        return record;
    }

    /** The one writer of the record. */
    RecordWriter writer() {
        return writer;
    }

    private void publish(List<IndexChange> changes, long sequence, LiveVersions versions) {
        indexes.change(versions, sequence);
        indexes.all().forEach(index -> index.publish(changes, sequence));
    }

    @Override
    public Appended append(Append append) {
        awaitRoom();
        return writer.write(transaction ->
                Writes.append(transaction, append, settings.record().idempotencyRetention()));
    }

    @Override
    public Map<String, Memory> get(Collection<String> ids) {
        Map<String, Memory> found = record.read(database -> RecordReader.byId(database, ids));
        found.replaceAll((_, memory) -> recalls.in(memory));
        return found;
    }

    @Override
    public Map<String, float[]> vectors(Collection<String> ids, EmbeddingVersion version) {
        indexes.get(version);
        return record.read(database -> RecordReader.vectors(database, ids, version));
    }

    @Override
    public List<Search.Hit> search(Search search) {
        VersionIndex index = indexes.get(search.version());
        Query filter = search.filter().equals(Filter.ALL) ? null : filters.compile(search.filter());
        Set<Long> excluded = search.excluded().isEmpty()
                ? Set.of()
                : new HashSet<>(record.read(database -> RecordReader.rows(database, search.excluded())));
        return new SearchAttempts(search, record, recalls).run(() -> index.search(search, filter, excluded));
    }

    @Override
    public Scan.Page scan(Scan scan) {
        Scan.Page page = record.read(
                database -> new ScanQuery(scan).run(database, settings.record().scanBudget()));
        return recalls.isEmpty()
                ? page
                : new Scan.Page(page.memories().stream().map(recalls::in).toList(), page.next());
    }

    @Override
    public List<Update.Outcome> update(List<Update> updates) {
        awaitRoom();
        return writer.write(transaction -> Writes.update(transaction, updates));
    }

    @Override
    public void countRecalls(Map<String, Integer> counts, Instant at) {
        if (closed) {
            throw ReadConnections.closed(space);
        }
        recalls.add(counts, at);
        if (recallsScheduled.compareAndSet(false, true)) {
            schedule(this::writeRecalls, COUNT_DELAY_MILLISECONDS);
        }
    }

    private void writeRecalls() {
        recallsScheduled.set(false);
        Map<String, RecallCounts.Count> counts = recalls.snapshot();
        if (!counts.isEmpty()) {
            writer.write(transaction -> RecallCounts.write(transaction, counts));
            recalls.remove(counts);
        }
    }

    @Override
    public Set<String> delete(Collection<String> ids, Departure why) {
        awaitRoom();
        return writer.write(transaction -> Writes.delete(transaction, ids, why));
    }

    private void awaitRoom() {
        indexes.all().forEach(VersionIndex::awaitRoom);
    }

    @Override
    public Statistics statistics() {
        long recordBytes;
        long indexBytes;
        try {
            long all = FileTrees.size(directory);
            indexBytes = FileTrees.size(directory.resolve(DataDirectory.INDEX));
            recordBytes = all - indexBytes;
        } catch (IOException e) {
            throw Failures.files("the files of space '" + space + "' cannot be measured", e);
        }
        return record.read(database -> RecordReader.statistics(database, recordBytes, indexBytes));
    }

    @Override
    public long sequence() {
        return record.read(database -> database.number("SELECT sequence FROM progress"));
    }

    @Override
    public List<ChangeEvent> changes(long after, int limit) {
        return record.read(database -> RecordReader.changes(database, after, limit));
    }

    @Override
    public Set<EmbeddingVersion> versions() {
        return indexes.versions();
    }

    @Override
    public EmbeddingVersion activeVersion(Modality modality) {
        return indexes.active(modality);
    }

    @Override
    public void beginVersion(EmbeddingVersion version) {
        boolean begun = writer.writeAlone(transaction -> VersionWrites.begin(transaction, version));
        LOG.log(Level.DEBUG, begun ? "begun {0}" : "going on with {0}", version);
    }

    @Override
    public List<String> withoutVector(EmbeddingVersion version, int limit) {
        indexes.get(version);
        return record.read(database -> RecordReader.withoutVector(database, version, limit));
    }

    @Override
    public void putVectors(EmbeddingVersion version, Map<String, float[]> vectors) {
        awaitRoom();
        int written = writer.write(transaction -> VersionWrites.put(transaction, version, vectors));
        LOG.log(Level.DEBUG, "{0} of {1} vectors written", written, vectors.size());
    }

    @Override
    public void activateVersion(EmbeddingVersion version) {
        boolean activated = writer.writeAlone(transaction -> VersionWrites.activate(transaction, version));
        LOG.log(Level.DEBUG, activated ? "activated {0}" : "{0} was active", version);
    }

    @Override
    public void discardVersion(EmbeddingVersion version) {
        boolean discarded = writer.writeAlone(transaction -> VersionWrites.discard(transaction, version));
        LOG.log(Level.DEBUG, discarded ? "discarded {0}" : "{0} was gone", version);
    }

    @Override
    public void retired() {
        schedule(this::dropVectors, 0);
    }

    private void dropVectors() {
        if (!closed && writer.writeAlone(VersionWrites::dropSome)) {
            schedule(this::dropVectors, 1);
        }
    }

    @Override
    public void committed() {
        schedule(this::pruneTombstones, 0);
    }

    private void pruneTombstones() {
        long covered = indexes.all().stream()
                .mapToLong(VersionIndex::committedSequence)
                .min()
                .orElse(0);
        if (!closed && covered > 0) {
            int pruned = writer.write(
                    transaction -> transaction.database().update("DELETE FROM tombstones WHERE sequence<=?", covered));
            LOG.log(Level.DEBUG, "{0} tombstones pruned", pruned);
        }
    }

    private void schedule(Runnable task, long milliseconds) {
        try {
            var _ = executor.schedule(() -> guarded(task), milliseconds, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the store is closing", e);
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (EngramException e) {
            if (!closed) {
                LOG.log(Level.WARNING, "background work of space '" + space + "' failed", e);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        guarded(this::writeRecalls);
        closed = true;
        indexes.close();
        record.close();
        // The last connection to close puts the log into the database: it must be one that may write.
        writer.close();
    }
}
