package engram.memory.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Directories as wholes. */
final class FileTrees {
    private FileTrees() {}

    /** Deletes a file or directory with everything in it, if it is there. */
    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Whether a path, which need not exist yet, lies inside a directory or is it. */
    static boolean contains(Path directory, Path path) throws IOException {
        if (!Files.exists(directory)) {
            return false;
        }
        Path existing = path.toAbsolutePath().normalize();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing != null && existing.toRealPath().startsWith(directory.toRealPath());
    }

    /** How many bytes the files below a directory have; files that vanish meanwhile count nothing. */
    static long size(Path root) throws IOException {
        long[] size = {0};
        walk(root, path -> true, (file, attributes) -> size[0] += attributes.size());
        return size[0];
    }

    /**
     * The files below a directory that others may change meanwhile; what vanishes on the way is left out.
     *
     * @param root where to begin; it need not exist
     * @param selected whether a path, relative to {@code root}, is wanted; a directory that is not is not entered
     */
    static List<Path> files(Path root, Predicate<Path> selected) throws IOException {
        List<Path> files = new ArrayList<>();
        walk(root, selected, (file, attributes) -> {
            if (attributes.isRegularFile()) {
                files.add(file);
            }
        });
        return files;
    }

    private static void walk(Path root, Predicate<Path> selected, BiConsumer<Path, BasicFileAttributes> visitor)
            throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return directory.equals(root) || selected.test(root.relativize(directory))
                        ? FileVisitResult.CONTINUE
                        : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (selected.test(root.relativize(file))) {
                    visitor.accept(file, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                return passOver(failure);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                return failure == null ? FileVisitResult.CONTINUE : passOver(failure);
            }
        });
    }

    private static FileVisitResult passOver(IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }

    /** Makes the entries of a directory durable, where the file system can be asked to. */
    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (AccessDeniedException e) {
            // Windows does not open directories; it needs no such call.
        }
    }
}
