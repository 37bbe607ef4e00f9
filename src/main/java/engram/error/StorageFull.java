package engram.error;

import java.io.IOException;
import java.time.Duration;

/** The disk that holds the record has no room: writes are refused, reads go on. Nothing of the refused write is kept. */
public final class StorageFull extends Retriable {
    private static final long serialVersionUID = 1L;

    public StorageFull(String message, Throwable cause) {
        super(message, Duration.ofSeconds(30), cause);
    }

    /** Whether a failure says that a disk, or the share of it that may be used, is full; Java has no type for that. */
    public static boolean isTold(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("No space left") || message.contains("quota exceeded");
    }
}
