package engram.error;

import java.time.Duration;

/** The disk that holds the record has no room: writes are refused, reads go on. Nothing of the refused write is kept. */
public final class StorageFull extends Retriable {
    private static final long serialVersionUID = 1L;

    public StorageFull(String message, Throwable cause) {
        super(message, Duration.ofSeconds(30), cause);
    }
}
