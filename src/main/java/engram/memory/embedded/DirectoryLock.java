package engram.memory.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Unavailable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The lock that gives a data directory to one process, and beside it a note of who that is. The lock alone decides; the
 * note only helps people and commands to find the holder, and means nothing while nobody holds the lock.
 */
final class DirectoryLock implements AutoCloseable {
    /** The file that is locked. It stays when nobody holds it. */
    static final String LOCK = "engram.lock";

    /** The file with the note. */
    static final String HOLDER = "engram.holder";

    private static final System.Logger LOG = System.getLogger(DirectoryLock.class.getName());
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;
    private final String instance = UUID.randomUUID().toString();

    private DirectoryLock(Path root, FileChannel channel, FileLock lock) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Locks a directory that exists.
     *
     * @throws Unavailable if another process has it, or another part of this one
     */
    static DirectoryLock acquire(Path root) throws IOException {
        FileChannel channel = FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            throw inUse(root);
        }
        DirectoryLock acquired = new DirectoryLock(root, channel, lock);
        acquired.note(null);
        return acquired;
    }

    /** Whether someone holds the lock now. */
    static boolean isHeld(Path root) throws IOException {
        Path file = root.resolve(LOCK);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = tryLock(channel)) {
            return lock == null;
        }
    }

    /** What the last holder noted of itself; empty if that cannot be read. */
    static Optional<EmbeddedMaintenance.Holder> holder(Path root) {
        try {
            JsonNode note = MAPPER.readTree(Files.readAllBytes(root.resolve(HOLDER)));
            JsonNode address = note.path("address");
            return Optional.of(new EmbeddedMaintenance.Holder(
                    note.path("instance").asText(),
                    note.path("process").asLong(),
                    address.isTextual() ? Optional.of(address.textValue()) : Optional.empty()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The refusal of a directory that someone else has. */
    static Unavailable inUse(Path root) {
        String process = holder(root)
                .map(holder -> " (process " + holder.process() + ")")
                .orElse("");
        return new Unavailable(
                "the data directory " + root.toAbsolutePath() + " is in use by another Engram" + process
                        + "; stop it, or use another directory",
                RETRY_AFTER);
    }

    /** Tells this holder from every other one, earlier and later ones included. */
    String instance() {
        return instance;
    }

    /** Notes where this holder answers. */
    void announce(String address) {
        note(address);
    }

    private void note(@Nullable String address) {
        ObjectNode note = MAPPER.createObjectNode();
        note.put("instance", instance)
                .put("process", ProcessHandle.current().pid())
                .put("address", address);
        Path draft = root.resolve(HOLDER + ".draft");
        try {
            Files.write(draft, MAPPER.writeValueAsBytes(note));
            Files.move(draft, root.resolve(HOLDER), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // The directory is as good without the note: on a full disk memories can still be read.
            LOG.log(System.Logger.Level.DEBUG, "nobody learns who has " + root, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(root.resolve(HOLDER));
        lock.release();
        channel.close();
    }
}
