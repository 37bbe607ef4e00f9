package engram.memory.deferred;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads the files of a spool after a start. A write that was cut off was never acknowledged and is cut away; whatever
 * else is no sound write is copied into the directory {@code damaged}, where it stays until a person removes it.
 */
final class SpoolRecovery {
    static final String DAMAGED = "damaged";
    static final String SEGMENT = ".spool";

    private static final System.Logger LOG = System.getLogger(SpoolRecovery.class.getName());

    private final Path directory;
    private final long delivered;
    private final Consumer<byte[]> recovered;
    private final List<Segment> segments = new ArrayList<>();
    private long last;
    /** Whether the numbers that come next may leave some out, because what bore them is damaged and told already. */
    private boolean excused;

    private SpoolRecovery(Path directory, long delivered, Consumer<byte[]> recovered) {
        this.directory = directory;
        this.delivered = delivered;
        this.recovered = recovered;
        this.last = delivered;
    }

    /**
     * The files with what is still to be delivered of them, oldest first; those of which nothing is are removed.
     *
     * @param delivered the sequence number up to which everything was delivered
     * @param recovered is given the content of each write that waits, in order
     */
    static List<Segment> run(Path directory, long delivered, Consumer<byte[]> recovered) throws IOException {
        SpoolRecovery recovery = new SpoolRecovery(directory, delivered, recovered);
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(SEGMENT))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            recovery.read(file);
        }
        return recovery.segments;
    }

    private void read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Frames.Scanned scanned = Frames.scan(bytes);
        if (scanned.version() != Frames.VERSION) {
            setAside(file, 0, bytes, "its format is " + scanned.version() + ", which this version does not read");
            Files.delete(file);
            excused = true;
            return;
        }
        for (Frames.Damage damage : scanned.damages()) {
            setAside(file, damage.from(), Arrays.copyOfRange(bytes, damage.from(), damage.to()), damage.what());
        }
        if (scanned.end() < bytes.length) {
            LOG.log(
                    Level.INFO,
                    "{0}: a write that was cut off after {1} bytes, and was not acknowledged, is cut away",
                    file,
                    bytes.length - scanned.end());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(scanned.end());
                channel.force(true);
            }
        }
        List<Frames.Frame> waiting = new ArrayList<>();
        for (Frames.Frame frame : scanned.frames()) {
            if (frame.sequence() > delivered) {
                if (last > 0
                        && frame.sequence() > last + 1
                        && !excused
                        && scanned.damages().isEmpty()) {
                    reportGap(last + 1, frame.sequence() - 1);
                }
                waiting.add(frame);
                int content = frame.offset() + Frames.FRAME_HEADER;
                recovered.accept(Arrays.copyOfRange(bytes, content, content + frame.content()));
            }
            last = Math.max(last, frame.sequence());
            excused = false;
        }
        excused |= !scanned.damages().isEmpty();
        if (waiting.isEmpty()) {
            Files.delete(file);
        } else {
            segments.add(new Segment(file, waiting));
        }
    }

    private void reportGap(long from, long to) throws IOException {
        String message = "writes " + from + " to " + to + " are missing: a file is gone or was shortened\n";
        keep("missing-" + from + "-" + to + ".txt", message.getBytes(StandardCharsets.UTF_8), message);
    }

    private void setAside(Path file, int from, byte[] bytes, String what) throws IOException {
        String name = file.getFileName().toString().replace(SEGMENT, "") + "-" + from + ".bin";
        keep(name, bytes, file + " at byte " + from + ": " + what);
    }

    private void keep(String name, byte[] bytes, String message) throws IOException {
        Path damaged = Files.createDirectories(directory.resolve(DAMAGED)).resolve(name);
        if (!Files.exists(damaged)) {
            SpoolFiles.replace(damaged, bytes);
        }
        LOG.log(Level.ERROR, "deferred writes are damaged, see {0}: {1}", damaged, message);
    }

    /** Whether anything of a space waits, was refused or is damaged. */
    static boolean holdsAnything(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.endsWith(SEGMENT) || name.equals(DeadLetters.FILE) || name.equals(DAMAGED));
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the directory " + directory + " cannot be listed", e);
            return false;
        }
    }

    /** How many pieces were set aside and not removed by a person since. */
    static int damagedPieces(Path directory) {
        Path damaged = directory.resolve(DAMAGED);
        if (!Files.isDirectory(damaged)) {
            return 0;
        }
        try (Stream<Path> pieces = Files.list(damaged)) {
            return (int) pieces.count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Sets aside a frame that could be read at the start and no longer can. */
    static void setAside(Path directory, Path file, Frames.Frame frame, byte[] bytes) throws IOException {
        new SpoolRecovery(directory, 0, _ -> {}).setAside(file, frame.offset(), bytes, "a write is damaged");
    }

    /** A file with the writes in it that wait. */
    record Segment(Path file, List<Frames.Frame> waiting) {
        Segment {
            waiting = List.copyOf(waiting);
        }
    }
}
