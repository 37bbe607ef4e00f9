package engram.memory.embedded;

import engram.error.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Puts a backup where a service can open it. */
final class Restoration {
    private Restoration() {}

    static EmbeddedMaintenance.Copied restore(Path backup, Path directory) throws IOException {
        if (DirectoryLock.isHeld(directory)) {
            throw DirectoryLock.inUse(directory);
        }
        requireEmpty(directory);
        if (FileTrees.contains(backup, directory)) {
            throw new InvalidInput("directory", "lies inside the backup: " + directory);
        }
        EmbeddedMaintenance.Copied copied = BackupManifest.verify(backup);
        Files.createDirectories(directory);
        DirectoryLock lock = DirectoryLock.acquire(directory);
        try {
            // Somebody may have begun a memory there while the checksums were compared.
            requireEmpty(directory);
            copyAll(backup, directory);
        } finally {
            lock.close();
        }
        return copied;
    }

    private static void requireEmpty(Path directory) throws IOException {
        if (!DataDirectory.isVacant(directory)) {
            throw new InvalidInput("directory", "is not empty: " + directory);
        }
    }

    private static void copyAll(Path backup, Path directory) throws IOException {
        Path unfinished = directory.resolve(".restoring-" + UUID.randomUUID());
        Files.createDirectories(unfinished);
        try {
            try (Stream<Path> tree = Files.walk(backup)) {
                for (Path path : tree.toList()) {
                    copy(path, unfinished.resolve(backup.relativize(path).toString()));
                }
            }
            Files.delete(unfinished.resolve(BackupManifest.FILE));
            // A service finds its spaces last, when everything else is in its place.
            for (Path entry : list(unfinished).stream()
                    .sorted(Comparator.comparing(entry -> entry.endsWith(DataDirectory.SPACES)))
                    .toList()) {
                Files.move(entry, directory.resolve(entry.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            }
            FileTrees.sync(directory);
        } finally {
            FileTrees.deleteTree(unfinished);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.isDirectory(from)) {
            Files.createDirectories(to);
        } else {
            Files.copy(from, to);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }
}
