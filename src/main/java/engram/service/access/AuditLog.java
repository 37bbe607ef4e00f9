package engram.service.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.StorageFull;
import engram.error.Unavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What administrators did, one line of JSON each, at the end of a file that is only ever appended to. What was written is
 * on disk; a line that a crash cut short is passed over. Never holds a secret. Thread-safe.
 */
public final class AuditLog {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int BLOCK = 1 << 16;

    private final Path file;
    private final InstantSource clock;

    /** @param file need not be there yet */
    public AuditLog(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /**
     * Something that an administrator did, or tried to do.
     *
     * @param time when it was over
     * @param key the id of the key; empty if none was needed
     * @param name the name of the key, {@code anonymous} or {@code command}
     * @param action what it was, such as {@code space.deleted}
     * @param target what it was done to, such as {@code spaces/arena}
     * @param outcome {@code done}, {@code refused} or {@code failed}
     */
    public record Entry(
            Instant time, Optional<String> key, String name, String action, String target, String outcome) {}

    /**
     * A page of the log.
     *
     * @param entries newest first
     * @param next where older ones begin; empty if there are none
     */
    public record Page(List<Entry> entries, OptionalLong next) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Writes one line.
     *
     * @throws StorageFull or {@link Unavailable} if it cannot be written
     */
    public synchronized void append(Caller caller, String action, String target, String outcome) {
        ObjectNode json = MAPPER.createObjectNode()
                .put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        caller.key().ifPresent(id -> json.put("key", id));
        json.put("name", caller.name())
                .put("action", action)
                .put("target", target)
                .put("outcome", outcome);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            String line = (endsWithALine(channel) ? "" : "\n") + MAPPER.writeValueAsString(json) + "\n";
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            long end = channel.size();
            while (bytes.hasRemaining()) {
                end += channel.write(bytes, end);
            }
            channel.force(true);
        } catch (IOException e) {
            throw StorageFull.isTold(e)
                    ? new StorageFull("the audit log " + file + " cannot be written: the disk is full", e)
                    : unusable(e);
        }
    }

    /**
     * Reads backwards.
     *
     * @param before where to begin, as {@link Page#next} says; with the newest where it is absent
     * @param limit how many at most, at least 1
     */
    public Page page(OptionalLong before, int limit) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long end = Math.min(channel.size(), before.orElse(Long.MAX_VALUE));
            List<Entry> entries = new ArrayList<>();
            while (end > 0 && entries.size() < limit) {
                byte[] line = lineBefore(channel, end);
                end -= line.length;
                entry(line).ifPresent(entries::add);
            }
            return new Page(entries, end > 0 ? OptionalLong.of(end) : OptionalLong.empty());
        } catch (NoSuchFileException e) {
            return new Page(List.of(), OptionalLong.empty());
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private static boolean endsWithALine(FileChannel channel) throws IOException {
        long size = channel.size();
        return size == 0 || read(channel, size - 1, 1)[0] == '\n';
    }

    /** The line that ends at a place, with its end, wherever it begins. */
    private static byte[] lineBefore(FileChannel channel, long end) throws IOException {
        for (int length = BLOCK; ; length *= 2) {
            int size = (int) Math.min(length, end);
            byte[] block = read(channel, end - size, size);
            for (int i = size - 2; i >= 0; i--) {
                if (block[i] == '\n') {
                    return Arrays.copyOfRange(block, i + 1, size);
                }
            }
            if (size == end) {
                return block;
            }
        }
    }

    private static byte[] read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, position + bytes.position());
            if (read < 0) {
                throw new IOException("it became shorter while it was read");
            }
        }
        return bytes.array();
    }

    private static Optional<Entry> entry(byte[] line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            return Optional.of(new Entry(
                    Instant.parse(json.path("time").asText()),
                    json.path("key").isTextual() ? Optional.of(json.path("key").textValue()) : Optional.empty(),
                    json.path("name").asText(),
                    json.path("action").asText(),
                    json.path("target").asText(),
                    json.path("outcome").asText()));
        } catch (IOException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private Unavailable unusable(IOException failure) {
        return new Unavailable(
                "the audit log " + file + " cannot be used: " + failure.getMessage(), Duration.ofSeconds(5), failure);
    }
}
