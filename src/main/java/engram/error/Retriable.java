package engram.error;

import java.time.Duration;

/** A failure that may go away by itself: the same call can succeed later. */
public abstract sealed class Retriable extends EngramException permits Unavailable, StorageFull, TooManyRequests {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    Retriable(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    Retriable(String message, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** How long a caller should wait before it tries again; positive. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
