package engram.memory.deferred;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one space that wait, in files of its directory, in the order in which they were accepted. One thread
 * writes, one delivers, any may ask.
 */
final class SpaceSpool implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SpaceSpool.class.getName());

    private final Path directory;
    private final int segmentBytes;
    private final DeliveryMark mark;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Deque<Path> files = new ArrayDeque<>();
    private long next;
    private boolean writing;
    /** The file being written, touched by the writing thread and, while that does nothing, under the lock. */
    private @Nullable Active active;

    /**
     * Opens the directory, which is created if it is not there, and reads what waits in it.
     *
     * @param recovered is given the content of each write that waits, in order
     */
    SpaceSpool(Path directory, int segmentBytes, Consumer<byte[]> recovered) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.segmentBytes = segmentBytes;
        this.mark = new DeliveryMark(directory);
        this.next = mark.get() + 1;
        for (SpoolRecovery.Segment segment : SpoolRecovery.run(directory, mark.get(), recovered)) {
            files.add(segment.file());
            for (Frames.Frame frame : segment.waiting()) {
                waiting.add(new Waiting(segment.file(), frame));
                next = Math.max(next, frame.sequence() + 1);
            }
        }
    }

    Path directory() {
        return directory;
    }

    /**
     * Writes contents to disk, all or none. Called by the writing thread only.
     *
     * @throws IOException if they could not be written; then none of them is kept
     */
    void write(List<byte[]> contents) throws IOException {
        Active file;
        long sequence;
        synchronized (this) {
            writing = true;
            sequence = next;
        }
        List<Frames.Frame> frames = new ArrayList<>();
        try {
            file = activeFile(sequence);
            int at = Math.toIntExact(file.size);
            List<ByteBuffer> buffers = new ArrayList<>();
            for (byte[] content : contents) {
                frames.add(new Frames.Frame(sequence, at, content.length));
                buffers.add(Frames.frame(sequence, content));
                at = Math.addExact(at, Frames.size(content.length));
                sequence++;
            }
            append(file, buffers, at);
        } catch (IOException | RuntimeException e) {
            synchronized (this) {
                writing = false;
            }
            throw e;
        }
        synchronized (this) {
            writing = false;
            next = sequence;
            for (Frames.Frame frame : frames) {
                waiting.add(new Waiting(file.path, frame));
            }
        }
    }

    private void append(Active file, List<ByteBuffer> buffers, long end) throws IOException {
        try {
            for (ByteBuffer buffer : buffers) {
                SpoolFiles.writeFully(file.channel, buffer);
            }
            file.channel.force(false);
            file.size = end;
        } catch (IOException e) {
            try {
                abandon(file);
            } catch (IOException remains) {
                e.addSuppressed(remains);
                synchronized (this) {
                    // A number that may be on disk is not given to another write.
                    next += buffers.size();
                }
            }
            throw e;
        }
    }

    /** Cuts away what was not acknowledged and leaves the file: what a failed write did to it nobody knows for sure. */
    private void abandon(Active file) throws IOException {
        active = null;
        try (FileChannel channel = file.channel) {
            channel.truncate(file.size);
            channel.force(true);
        }
    }

    private Active activeFile(long sequence) throws IOException {
        Active present = active;
        if (present != null && present.size < segmentBytes) {
            return present;
        }
        if (present != null) {
            active = null;
            present.channel.close();
        }
        Path path = directory.resolve(String.format("%016d", sequence) + SpoolRecovery.SEGMENT);
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        try {
            SpoolFiles.writeFully(channel, Frames.fileHeader());
            channel.force(true);
            SpoolFiles.syncDirectory(path);
        } catch (IOException e) {
            channel.close();
            Files.deleteIfExists(path);
            throw e;
        }
        Active fresh = new Active(path, channel);
        active = fresh;
        synchronized (this) {
            files.remove(path);
            files.add(path);
        }
        return fresh;
    }

    /** How many writes wait. */
    synchronized int size() {
        return waiting.size();
    }

    /** The bytes of those that wait. */
    synchronized long bytes() {
        return waiting.stream()
                .mapToLong(one -> Frames.size(one.frame.content()))
                .sum();
    }

    /** The first few that wait, oldest first. */
    synchronized List<Waiting> first(int most) {
        return waiting.stream().limit(most).toList();
    }

    /**
     * The content of one that waits; empty if it is damaged by now.
     *
     * @throws IOException if the file cannot be read at all
     */
    byte[] read(Waiting one) throws IOException {
        return Frames.content(bytes(one));
    }

    /** Keeps the bytes of one that cannot be delivered for a person to look at. */
    void setAside(Waiting one) throws IOException {
        SpoolRecovery.setAside(directory, one.file, one.frame, bytes(one));
    }

    private static byte[] bytes(Waiting one) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(Frames.size(one.frame.content()));
        try (FileChannel channel = FileChannel.open(one.file, StandardOpenOption.READ)) {
            int read = 0;
            while (frame.hasRemaining() && read >= 0) {
                read = channel.read(frame, (long) one.frame.offset() + frame.position());
            }
        }
        return frame.array();
    }

    /**
     * Forgets the oldest {@code count}, which have been delivered or set aside.
     *
     * @throws IOException if that cannot be noted; then none is forgotten
     */
    synchronized void remove(int count) throws IOException {
        if (count == 0) {
            return;
        }
        Waiting last = waiting.stream().skip(count - 1L).findFirst().orElseThrow();
        mark.set(last.frame.sequence());
        for (int i = 0; i < count; i++) {
            waiting.remove();
        }
        try {
            while (!files.isEmpty() && isDone(files.getFirst())) {
                // First the mark, or the next start would take the writes of the file for lost.
                mark.force();
                Files.deleteIfExists(files.getFirst());
                files.removeFirst();
            }
        } catch (IOException e) {
            // The file is tried again with the next write, and read for nothing by the next start.
            LOG.log(Level.WARNING, "a file of delivered writes in " + directory + " cannot be removed", e);
        }
    }

    /** Whether nothing in a file waits and nothing more will be written into it; the file being written is let go. */
    private boolean isDone(Path file) throws IOException {
        Waiting first = waiting.peek();
        if (first != null) {
            return !first.file.equals(file);
        }
        Active present = active;
        if (present == null || !present.path.equals(file)) {
            return !writing;
        }
        if (writing) {
            return false;
        }
        active = null;
        present.channel.close();
        return true;
    }

    @Override
    public synchronized void close() throws IOException {
        Active present = active;
        active = null;
        if (present != null) {
            present.channel.close();
        }
        mark.close();
    }

    /** A write that waits, and where. */
    record Waiting(Path file, Frames.Frame frame) {}

    /** The file being written. */
    private static final class Active {
        private final Path path;
        private final FileChannel channel;
        private long size = Frames.FILE_HEADER;

        Active(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }
    }
}
