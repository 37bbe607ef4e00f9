package engram.memory.embedded;

import engram.error.NotFound;
import engram.error.PreconditionFailed;
import engram.error.Unavailable;
import engram.memory.JsonObject;
import engram.memory.MemoryStore;
import engram.memory.MemoryStores;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All spaces below one data directory, each with its record in SQLite and its indexes in Lucene. One process at a time
 * has a data directory. Thread-safe.
 *
 * <pre>{@code
 * try (MemoryStores stores = new EmbeddedMemoryStores(Path.of("data"), EmbeddedSettings.defaults(), Clock.systemUTC())) {
 *     stores.putSettings("arena", JsonObject.EMPTY, OptionalLong.empty());
 *     MemoryStore store = stores.open("arena");
 * }
 * }</pre>
 */
public final class EmbeddedMemoryStores implements MemoryStores {
    private static final int INDEX_THREADS = 2;

    private final DataDirectory directory;
    private final EmbeddedSettings settings;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor executor;
    private final Map<String, EmbeddedMemoryStore> records = new HashMap<>();
    private final Map<String, EmbeddedMemoryStore> started = new HashMap<>();
    private boolean closed;

    /**
     * Locks the data directory; spaces open when they are first used.
     *
     * @param directory created if it is not there
     * @param clock gives the times of changes
     * @throws Unavailable if another process has the directory
     */
    public EmbeddedMemoryStores(Path directory, EmbeddedSettings settings, Clock clock) {
        this.directory = DataDirectory.open(directory);
        this.settings = settings;
        this.clock = clock;
        this.executor = new ScheduledThreadPoolExecutor(INDEX_THREADS, task -> {
            Thread thread = new Thread(task, "engram-index");
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    /**
     * Where the files of a space are. Other packages keep files that belong to the space in directories of their own
     * beside {@code memory.db} and {@code index}; they are backed up and removed with it.
     */
    public Path directory(String space) {
        return directory.space(space);
    }

    /**
     * Notes in the data directory where the process that has it answers, so that commands find it.
     *
     * @param address such as {@code http://127.0.0.1:8080}
     */
    public void announce(String address) {
        directory.lock().announce(address);
    }

    /** Tells this holder of the data directory from every other one; see {@link EmbeddedMaintenance.Holder}. */
    public String instance() {
        return directory.lock().instance();
    }

    @Override
    public List<String> names() {
        return directory.names();
    }

    @Override
    public Optional<Settings> settings(String space) {
        EmbeddedMemoryStore store = record(space);
        return store == null ? Optional.empty() : Optional.of(store.record().read(EmbeddedMemoryStores::settings));
    }

    private static Settings settings(Database database) throws SQLException {
        return database.first(
                        "SELECT document, revision FROM settings",
                        row -> new Settings(JsonObject.stored(row.getBytes(1)), row.getLong(2)))
                .orElseThrow();
    }

    @Override
    public Settings putSettings(String space, JsonObject document, OptionalLong expectedRevision) {
        EmbeddedMemoryStore store;
        synchronized (this) {
            store = record(space);
            if (store == null) {
                if (expectedRevision.isPresent()) {
                    throw new PreconditionFailed("there is no space '" + space + "' yet");
                }
                create(space, document);
                return new Settings(document, 1);
            }
        }
        return store.writer().write(transaction -> {
            Settings before = settings(transaction.database());
            if (expectedRevision.isPresent() && expectedRevision.getAsLong() != before.revision()) {
                throw new PreconditionFailed("the settings of space '" + space + "' have revision " + before.revision()
                        + ", not " + expectedRevision.getAsLong());
            }
            Settings after = new Settings(document, before.revision() + 1);
            transaction
                    .database()
                    .update("UPDATE settings SET document=?, revision=?", document.utf8(), after.revision());
            return after;
        });
    }

    private void create(String space, JsonObject document) {
        try {
            Path unfinished = directory.unfinished();
            try (Database database = Database.openWriter(unfinished.resolve(DataDirectory.RECORD), 0)) {
                RecordSchema.create(database, document.utf8());
            }
            directory.publish(unfinished, space);
        } catch (SQLException e) {
            throw Failures.writing(space, e);
        } catch (IOException e) {
            throw Failures.files("space '" + space + "' cannot be created", e);
        }
    }

    @Override
    public MemoryStore open(String space) {
        synchronized (this) {
            EmbeddedMemoryStore store = record(space);
            if (store == null) {
                throw new NotFound("space", space);
            }
            if (started.putIfAbsent(space, store) == null) {
                store.start();
            }
            return store;
        }
    }

    /** The store of a space with its record open, or null if there is no such space. */
    private synchronized @Nullable EmbeddedMemoryStore record(String space) {
        if (closed) {
            throw new Unavailable("the stores are closed", Duration.ofSeconds(1));
        }
        EmbeddedMemoryStore store = records.get(space);
        if (store == null && directory.has(space)) {
            store = new EmbeddedMemoryStore(space, directory.space(space), settings, clock, executor);
            records.put(space, store);
        }
        return store;
    }

    @Override
    public synchronized boolean delete(String space) {
        EmbeddedMemoryStore store = record(space);
        if (store == null) {
            return false;
        }
        store.close();
        records.remove(space);
        started.remove(space);
        directory.delete(space);
        return true;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        records.values().forEach(EmbeddedMemoryStore::close);
        executor.shutdown();
        awaitExecutor();
        directory.close();
    }

    private void awaitExecutor() {
        try {
            if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
