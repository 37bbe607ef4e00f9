package engram.service.command;

import engram.error.EngramException;
import engram.error.StorageFull;
import engram.error.Unavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;

/** What a failure of files means to the person at the keyboard. */
final class FileTrouble {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private FileTrouble() {}

    /** The failure of something with a file. */
    static EngramException of(String what, IOException failure) {
        return StorageFull.isTold(failure)
                ? new StorageFull(what + ": the disk is full", failure)
                : new Unavailable(what + ": " + reason(failure), RETRY_AFTER, failure);
    }

    /** The message of a failure, with that of the file below it where it would stay unsaid. */
    static String explain(EngramException failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure.getCause() instanceof IOException cause
                && cause.getMessage() != null
                && !message.contains(cause.getMessage())
                && !StorageFull.isTold(cause)) {
            return message + ": " + reason(cause);
        }
        return message;
    }

    /** The message of a failure inside a library. */
    static String explain(UncheckedIOException failure) {
        IOException cause = failure.getCause();
        return cause == null ? String.valueOf(failure.getMessage()) : reason(cause);
    }

    static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "there is no " + missing.getFile();
            case AccessDeniedException denied -> denied.getFile() + " may not be accessed";
            default ->
                failure.getMessage() == null
                        ? failure.getClass().getSimpleName()
                        : String.valueOf(failure.getMessage());
        };
    }
}
