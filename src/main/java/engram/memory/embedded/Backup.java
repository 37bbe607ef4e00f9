package engram.memory.embedded;

import engram.error.InvalidInput;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Copies a data directory that may be in use. */
final class Backup {
    private final Path source;
    private final Instant time;

    Backup(Path source, Instant time) {
        this.source = source;
        this.time = time;
    }

    EmbeddedMaintenance.Copied writeTo(Path target) throws IOException {
        if (Files.exists(target)) {
            throw new InvalidInput("target", "names something that exists: " + target);
        }
        if (FileTrees.contains(source, target)) {
            throw new InvalidInput("target", "lies inside the data directory: " + target);
        }
        Path parent = target.toAbsolutePath().getParent();
        if (parent == null) {
            throw new InvalidInput("target", "is no directory that could be made: " + target);
        }
        Files.createDirectories(parent);
        Path unfinished = parent.resolve("." + target.getFileName() + "." + UUID.randomUUID());
        try {
            copy(unfinished);
            EmbeddedMaintenance.Copied copied = BackupManifest.write(unfinished, DataDirectory.names(unfinished), time);
            syncAll(unfinished);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            FileTrees.sync(parent);
            return copied;
        } finally {
            FileTrees.deleteTree(unfinished);
        }
    }

    private void copy(Path target) throws IOException {
        Files.createDirectories(target.resolve(DataDirectory.SPACES));
        copyFiles(source, target, DataDirectory::isBesideTheSpaces);
        for (String space : DataDirectory.names(source)) {
            Path from = DataDirectory.space(source, space);
            Path to = DataDirectory.space(target, space);
            Files.createDirectories(to);
            // Encoders come and go while the record is copied: what was there before or after it is what it may need.
            copyFiles(from, to, Backup::isBesideTheRecord);
            copyRecord(space, from, to);
            copyFiles(from, to, Backup::isBesideTheRecord);
        }
    }

    private static boolean isBesideTheRecord(Path path) {
        String first = path.getName(0).toString();
        return !first.startsWith(DataDirectory.RECORD) && !first.equals(DataDirectory.INDEX);
    }

    private static void copyRecord(String space, Path from, Path to) {
        try (Database database = Database.openReader(from.resolve(DataDirectory.RECORD))) {
            database.update("VACUUM INTO ?", to.resolve(DataDirectory.RECORD).toString());
        } catch (SQLException e) {
            throw Failures.copying(space, e);
        }
    }

    private static void copyFiles(Path from, Path to, Predicate<Path> selection) throws IOException {
        for (Path file : FileTrees.files(from, selection)) {
            Path copy = to.resolve(from.relativize(file).toString());
            Files.createDirectories(copy.getParent() == null ? to : copy.getParent());
            try {
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            } catch (NoSuchFileException e) {
                // It went away since the directory was listed.
            }
        }
    }

    private static void syncAll(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.toList()) {
                if (Files.isDirectory(path)) {
                    FileTrees.sync(path);
                } else {
                    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                        channel.force(true);
                    }
                }
            }
        }
    }
}
