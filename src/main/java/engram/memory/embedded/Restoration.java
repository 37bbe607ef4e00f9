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

    static void restore(Path backup, Path directory) throws IOException {
        if (Files.exists(directory) && !list(directory).isEmpty()) {
            throw new InvalidInput("directory", "is not empty: " + directory);
        }
        BackupManifest.verify(backup);
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
