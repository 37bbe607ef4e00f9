package engram.service.command;

import engram.error.InvalidInput;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A file that appears under its name only when it is whole, replacing what had the name before. */
final class ExportFile implements AutoCloseable {
    private final Path target;
    private final Path draft;
    private final FileOutputStream stream;

    private ExportFile(Path target, Path draft, FileOutputStream stream) {
        this.target = target;
        this.draft = draft;
        this.stream = stream;
    }

    /**
     * Begins a file.
     *
     * @throws InvalidInput if {@code file} names something that is no regular file, or lies in no directory
     * @throws engram.error.EngramException if it cannot be made for another reason
     */
    static ExportFile begin(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new InvalidInput("", file + " is no regular file; for a pipe use - and redirect the standard output");
        }
        try {
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Path parent = target.getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new InvalidInput("", "there is no directory " + parent);
            }
            Path draft = parent.resolve("." + target.getFileName() + "." + UUID.randomUUID());
            ExportFile begun = new ExportFile(target, draft, new FileOutputStream(draft.toFile()));
            // For those who end the command by a signal.
            draft.toFile().deleteOnExit();
            return begun;
        } catch (IOException e) {
            throw FileTrouble.of(file + " cannot be written", e);
        }
    }

    /** Where the content goes; closed with the file. */
    OutputStream stream() {
        return stream;
    }

    /** Gives the file its name. */
    void publish() {
        try {
            stream.getFD().sync();
            stream.close();
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw FileTrouble.of(target + " cannot be written", e);
        }
    }

    /** Takes away a file that was not published. */
    @Override
    public void close() {
        try {
            stream.close();
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            throw FileTrouble.of(draft + " cannot be removed", e);
        }
    }
}
