package engram.training;

import engram.agent.Experience;
import engram.error.StorageFull;
import engram.error.Unavailable;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What an agent lived through elsewhere since its last checkpoint. Experiences are in the file, synced, before they are
 * learned from: after a crash the agent learns from them once more, beginning with the checkpoint, and is what it was.
 *
 * <p>The file is a header of 4 bytes and frames: the length of a body, its CRC-32C, the body. One thread at a time.
 */
final class ObservationJournal implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ObservationJournal.class.getName());
    private static final int FORMAT = 0x454F4A31;
    private static final int HEADER = Integer.BYTES;
    private static final int FRAME_HEADER = 2 * Integer.BYTES;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Path file;
    private @Nullable FileChannel channel;
    private long end;
    private long steps;

    /**
     * Finds out what a file holds. What is not whole at its end was never acknowledged, or was damaged: a copy of the file
     * is set aside then, and the rest is written over.
     *
     * @param file need not exist
     */
    ObservationJournal(Path file) {
        this.file = file;
        if (!Files.exists(file)) {
            return;
        }
        try {
            this.end = read((before, experiences) -> steps = before + experiences.size());
            if (end < Files.size(file)) {
                Path copy = file.resolveSibling(file.getFileName() + ".damaged");
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} is not whole from byte {1} on; a copy is kept as {2}",
                        file,
                        end,
                        copy.getFileName());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many steps the agent had learned from after the last experience in here; 0 if there is none. */
    long steps() {
        return steps;
    }

    /**
     * Gives back what is not in a checkpoint, in the order in which it came.
     *
     * @param saved how many steps the checkpoint has
     * @param taught is given how many steps the agent had before some experiences, and these
     */
    void replay(long saved, BiConsumer<Long, List<Experience>> taught) throws IOException {
        if (steps > saved) {
            read((before, experiences) -> {
                if (before >= saved) {
                    taught.accept(before, experiences);
                }
            });
        }
    }

    /** Reads frames up to the first that is not whole; returns where that begins. */
    private long read(BiConsumer<Long, List<Experience>> reader) throws IOException {
        long size = Files.size(file);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (size < HEADER || in.readInt() != FORMAT) {
                return 0;
            }
            long at = HEADER;
            while (at + FRAME_HEADER <= size) {
                int length = in.readInt();
                int sum = in.readInt();
                if (length < 0 || length > size - at - FRAME_HEADER) {
                    break;
                }
                byte[] body = in.readNBytes(length);
                if (sum(body) != sum) {
                    break;
                }
                DataInputStream content = new DataInputStream(new ByteArrayInputStream(body));
                long before = content.readLong();
                reader.accept(before, experiences(content));
                at += FRAME_HEADER + length;
            }
            return at;
        }
    }

    /**
     * Adds experiences; they are on disk when this returns.
     *
     * @param before how many steps the agent has learned from so far
     * @throws StorageFull if there is no room for them; the file is as it was
     * @throws Unavailable if they cannot be written for another reason; the file is as it was
     */
    void append(long before, List<Experience> experiences) {
        try {
            ByteBuffer frame = frame(before, experiences);
            long whole = frame.remaining();
            FileChannel out = open();
            out.truncate(end);
            while (frame.hasRemaining()) {
                out.write(frame, end + whole - frame.remaining());
            }
            out.force(false);
            end += whole;
            steps = before + experiences.size();
        } catch (IOException e) {
            abandon();
            String what = "what was observed cannot be written to " + file;
            throw StorageFull.isTold(e)
                    ? new StorageFull(what + ": the disk is full", e)
                    : new Unavailable(what + ": " + e.getMessage(), RETRY_AFTER, e);
        }
    }

    private FileChannel open() throws IOException {
        FileChannel present = channel;
        if (present == null) {
            present = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel = present;
            if (end < HEADER) {
                present.write(ByteBuffer.allocate(HEADER).putInt(FORMAT).flip(), 0);
                end = HEADER;
                CheckpointWriter.sync(file.resolveSibling("."));
            }
        }
        return present;
    }

    /** Empties it, for a checkpoint has all of it. Where that fails it is still known by its steps to be in there. */
    void clear() {
        steps = 0;
        if (end <= HEADER) {
            return;
        }
        end = HEADER;
        try {
            open().truncate(HEADER);
        } catch (IOException e) {
            abandon();
            LOG.log(System.Logger.Level.WARNING, "{0} cannot be emptied: {1}", file, e.toString());
        }
    }

    /** Cuts away what a failed write left, as far as that can be done; what cannot is written over by the next. */
    private void abandon() {
        try (FileChannel failed = channel) {
            channel = null;
            if (failed != null) {
                failed.truncate(end);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a journal cannot be cut", e);
        }
    }

    @Override
    public void close() {
        abandon();
    }

    private static ByteBuffer frame(long before, List<Experience> experiences) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(before);
        out.writeInt(experiences.size());
        for (Experience experience : experiences) {
            write(out, experience.observation());
            write(out, experience.action());
            out.writeDouble(experience.reward());
            write(out, experience.next());
            out.writeBoolean(experience.terminated());
            out.writeBoolean(experience.truncated());
            boolean[] mask = experience.nextActionMask();
            out.writeInt(mask == null ? -1 : mask.length);
            for (int i = 0; mask != null && i < mask.length; i++) {
                out.writeBoolean(mask[i]);
            }
        }
        byte[] body = bytes.toByteArray();
        return ByteBuffer.allocate(FRAME_HEADER + body.length)
                .putInt(body.length)
                .putInt(sum(body))
                .put(body)
                .flip();
    }

    private static List<Experience> experiences(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<Experience> experiences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            experiences.add(new Experience(
                    numbers(in),
                    numbers(in),
                    in.readDouble(),
                    numbers(in),
                    in.readBoolean(),
                    in.readBoolean(),
                    mask(in)));
        }
        return experiences;
    }

    private static void write(DataOutputStream out, float[] numbers) throws IOException {
        out.writeInt(numbers.length);
        for (float number : numbers) {
            out.writeFloat(number);
        }
    }

    private static float[] numbers(DataInputStream in) throws IOException {
        float[] numbers = new float[in.readInt()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.readFloat();
        }
        return numbers;
    }

    private static boolean @Nullable [] mask(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        boolean[] mask = new boolean[length];
        for (int i = 0; i < length; i++) {
            mask[i] = in.readBoolean();
        }
        return mask;
    }

    private static int sum(byte[] body) {
        CRC32C sum = new CRC32C();
        sum.update(body);
        return (int) sum.getValue();
    }
}
