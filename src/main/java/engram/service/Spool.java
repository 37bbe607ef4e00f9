package engram.service;

import engram.error.StorageFull;
import engram.error.Unavailable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Files that hold a request's body until a run has read it. What a former process left behind is removed. */
@Singleton
public final class Spool {
    private static final Logger LOG = Logger.getLogger(Spool.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    private final Path directory;

    Spool(Engine owner) {
        // The engine has the data directory to itself, so whatever lies here belongs to nobody.
        this.directory = owner.directory().resolve("spool");
        try {
            Files.createDirectories(directory);
            try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory)) {
                for (Path leftover : leftovers) {
                    Files.deleteIfExists(leftover);
                }
            }
        } catch (IOException e) {
            throw new Unavailable("the directory " + directory + " cannot be used", RETRY_AFTER, e);
        }
    }

    /**
     * Keeps a body.
     *
     * @throws StorageFull if it cannot be written
     */
    public Kept keep(InputStream body) {
        Path file = null;
        try {
            file = Files.createTempFile(directory, "body", "");
            Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
            return new Kept(file);
        } catch (IOException e) {
            delete(file);
            throw new StorageFull("the body cannot be kept until it is read", e);
        } catch (RuntimeException e) {
            delete(file);
            throw e;
        }
    }

    private static void delete(@Nullable Path file) {
        if (file == null) {
            return;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warnf("%s cannot be deleted: %s", file, e.getMessage());
        }
    }

    /** A body that is kept; closing deletes it. */
    public static final class Kept implements AutoCloseable {
        private final Path file;

        private Kept(Path file) {
            this.file = file;
        }

        /** The body from its beginning. */
        public InputStream open() {
            try {
                return Files.newInputStream(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            delete(file);
        }
    }
}
