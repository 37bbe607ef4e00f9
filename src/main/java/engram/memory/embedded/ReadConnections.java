package engram.memory.embedded;

import engram.error.Unavailable;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connections that read one space's record. Each read sees one snapshot and never waits for a writer. */
final class ReadConnections implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final String space;
    private final Path file;
    private final int most;
    private final Semaphore permits;
    private final ConcurrentLinkedDeque<Database> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    ReadConnections(String space, Path file, int most) {
        this.space = space;
        this.file = file;
        this.most = most;
        this.permits = new Semaphore(most);
    }

    /** Runs {@code reading} within one snapshot. */
    <T> T read(Reading<T> reading) {
        acquire();
        Database database = null;
        try {
            database = idle.pollFirst();
            if (database == null) {
                database = Database.openReader(file);
            }
            T result = inSnapshot(database, reading);
            idle.addFirst(database);
            return result;
        } catch (SQLException e) {
            discard(database);
            throw Failures.reading(space, e);
        } catch (RuntimeException | Error e) {
            discard(database);
            throw e;
        } finally {
            permits.release();
        }
    }

    private static <T> T inSnapshot(Database database, Reading<T> reading) throws SQLException {
        database.executePrepared("BEGIN");
        T result = reading.from(database);
        database.executePrepared("COMMIT");
        return result;
    }

    private static void discard(@Nullable Database database) {
        if (database != null) {
            try {
                database.close();
            } catch (SQLException e) {
                // The failure that led here is the one to report.
            }
        }
    }

    private void acquire() {
        boolean acquired;
        try {
            acquired = permits.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while waiting to read space '" + space + "'", WAIT, e);
        }
        if (acquired && closed) {
            permits.release();
            throw closed(space);
        }
        if (!acquired) {
            throw new Unavailable("too many reads of space '" + space + "' at once", Duration.ofSeconds(1));
        }
    }

    static Unavailable closed(String space) {
        return new Unavailable("the store of space '" + space + "' is closed", Duration.ofSeconds(1));
    }

    /** Waits for reads under way and closes the connections. */
    @Override
    public void close() {
        closed = true;
        permits.acquireUninterruptibly(most);
        try {
            for (Database database = idle.poll(); database != null; database = idle.poll()) {
                database.close();
            }
        } catch (SQLException e) {
            throw Failures.reading(space, e);
        } finally {
            permits.release(most);
        }
    }

    /** Something read from one snapshot. */
    interface Reading<T> {
        T from(Database database) throws SQLException;
    }
}
