package engram.memory.embedded;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a space's record. Requests that arrive together share a transaction; each has a savepoint of its
 * own, so that one that fails leaves the others alone. A request returns when it is on disk and published.
 */
final class RecordWriter implements AutoCloseable {
    private static final int PRUNE_EVERY = 1_000;

    private final String space;
    private final Database database;
    private final InstantSource clock;
    private final int changeRetention;
    private final Publication publication;
    private final GroupCommit<Task<?>> groups;
    private final ReentrantLock use = new ReentrantLock();
    private LiveVersions versions;
    private long sequence;
    private long prunedAt;
    private boolean closed;

    RecordWriter(
            String space,
            Database database,
            InstantSource clock,
            EmbeddedSettings.RecordSettings settings,
            Publication publication)
            throws SQLException {
        this.space = space;
        this.database = database;
        this.clock = clock;
        this.changeRetention = settings.changeRetention();
        this.publication = publication;
        this.groups = new GroupCommit<>(settings.groupLimit(), this::run);
        this.versions = LiveVersions.read(database);
        this.sequence = database.number("SELECT sequence FROM progress");
    }

    /** Runs a request, together with others where there are any. */
    <T> T write(Writing<T> writing) {
        return submit(new Task<>(writing), false);
    }

    /** Runs a request in a transaction of its own: one that changes which versions are live. */
    <T> T writeAlone(Writing<T> writing) {
        return submit(new Task<>(writing), true);
    }

    private <T> T submit(Task<T> task, boolean alone) {
        groups.run(task, alone);
        return task.result();
    }

    private void run(List<GroupCommit.Request<Task<?>>> group) {
        use.lock();
        try {
            if (closed) {
                throw ReadConnections.closed(space);
            }
            commit(group);
        } finally {
            use.unlock();
        }
    }

    private void commit(List<GroupCommit.Request<Task<?>>> group) {
        List<IndexChange> changes = new ArrayList<>();
        LiveVersions newVersions = null;
        long last = sequence;
        try {
            database.executePrepared("BEGIN IMMEDIATE");
            for (GroupCommit.Request<Task<?>> request : group) {
                WriteTransaction transaction = new WriteTransaction(database, versions, clock.instant(), last);
                if (run(request, transaction)) {
                    last = transaction.sequence();
                    changes.addAll(transaction.indexChanges());
                    newVersions = transaction.newVersions();
                }
            }
            finish(last);
            database.executePrepared("COMMIT");
        } catch (SQLException e) {
            rollBack();
            throw Failures.writing(space, e);
        } catch (RuntimeException | Error e) {
            rollBack();
            throw e;
        }
        sequence = last;
        if (newVersions != null) {
            versions = newVersions;
        }
        publication.publish(changes, last, versions);
    }

    private boolean run(GroupCommit.Request<Task<?>> request, WriteTransaction transaction) throws SQLException {
        database.executePrepared("SAVEPOINT request");
        try {
            request.work().run(transaction);
            transaction.finish();
        } catch (SQLException e) {
            database.forgetStatements();
            if (Failures.endsTransaction(e)) {
                throw e;
            }
            request.fail(Failures.writing(space, e));
        } catch (RuntimeException e) {
            request.fail(e);
        }
        if (request.hasFailed()) {
            database.executePrepared("ROLLBACK TO request");
        }
        database.executePrepared("RELEASE request");
        return !request.hasFailed();
    }

    private void finish(long last) throws SQLException {
        if (last == sequence) {
            return;
        }
        database.update("UPDATE progress SET sequence=?", last);
        if (last - prunedAt >= PRUNE_EVERY) {
            database.update("DELETE FROM changes WHERE sequence<=?", last - changeRetention);
            prunedAt = last;
        }
    }

    private void rollBack() {
        database.forgetStatements();
        try {
            database.executePrepared("ROLLBACK");
        } catch (SQLException e) {
            // SQLite has rolled back by itself.
        }
    }

    /** Waits for the transaction under way and closes the connection; later requests fail. */
    @Override
    public void close() {
        use.lock();
        try {
            if (!closed) {
                closed = true;
                database.close();
            }
        } catch (SQLException e) {
            throw Failures.writing(space, e);
        } finally {
            use.unlock();
        }
    }

    /** What a request does in the transaction. */
    interface Writing<T> {
        T in(WriteTransaction transaction) throws SQLException;
    }

    /** Makes a committed transaction visible. Called in the order of the commits, before any request returns. */
    interface Publication {
        void publish(List<IndexChange> changes, long sequence, LiveVersions versions);
    }

    private static final class Task<T> {
        private final Writing<T> writing;
        private @Nullable T result;

        Task(Writing<T> writing) {
            this.writing = writing;
        }

        void run(WriteTransaction transaction) throws SQLException {
            result = writing.in(transaction);
        }

        T result() {
            if (result == null) {
                throw new IllegalStateException("a write request that neither failed nor gave a result");
            }
            return result;
        }
    }
}
