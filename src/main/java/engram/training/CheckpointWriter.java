package engram.training;

import java.io.BufferedOutputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Writes one checkpoint under a hidden name and gives it its own at the end. Closed before that, nothing is left. */
final class CheckpointWriter implements AutoCloseable {
    private final Path directory;
    private final Path target;
    private final Path hidden;
    private final CheckpointManifest.Builder manifest;
    private boolean finished;

    CheckpointWriter(Path directory, String name, long step) throws IOException {
        this.directory = directory;
        this.target = directory.resolve(name);
        this.hidden = directory.resolve("." + name + ".unfinished");
        this.manifest = new CheckpointManifest.Builder(step);
        Files.createDirectories(directory);
        delete(hidden);
        Files.createDirectory(hidden);
    }

    /** Writes a file; returns it as it will be. */
    SavedFile add(String part, String file, Content content) throws IOException {
        Path path = hidden.resolve(file);
        FileOutputStream bytes = new FileOutputStream(path.toFile());
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(bytes, 1 << 16))) {
            content.write(out);
            out.flush();
            bytes.getFD().sync();
        }
        SavedFile written = SavedFile.of(path);
        manifest.add(part, written);
        return written.in(target);
    }

    /** Takes over a file of an earlier checkpoint; returns it as it will be. */
    SavedFile link(String part, SavedFile earlier) throws IOException {
        Path path = earlier.in(hidden).path();
        try {
            Files.createLink(path, earlier.path());
        } catch (UnsupportedOperationException | IOException e) {
            // Some file systems have no links.
            Files.copy(earlier.path(), path, StandardCopyOption.REPLACE_EXISTING);
            sync(path);
        }
        manifest.add(part, earlier);
        return earlier.in(target);
    }

    /** Gives the checkpoint its name. */
    Path finish() throws IOException {
        for (Path file : manifest.write(hidden)) {
            sync(file);
        }
        sync(hidden);
        Path replaced = directory.resolve("." + target.getFileName() + ".replaced");
        delete(replaced);
        if (Files.isDirectory(target)) {
            move(target, replaced);
        }
        move(hidden, target);
        sync(directory);
        delete(replaced);
        finished = true;
        return target;
    }

    @Override
    public void close() throws IOException {
        if (!finished) {
            delete(hidden);
        }
    }

    /** Deletes a directory with its files, if it is there. */
    static void delete(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> entries;
        try (Stream<Path> walk = Files.walk(directory)) {
            entries = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : entries) {
            Files.deleteIfExists(entry);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to);
        }
    }

    /** Makes a file or the entries of a directory durable. */
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Writes the bytes of one file. */
    interface Content {
        void write(DataOutput out) throws IOException;
    }
}
