package engram.error;

import java.time.Duration;

/** Something Engram needs is overloaded, starting, closing or away. */
public final class Unavailable extends Retriable {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Duration retryAfter) {
        super(message, retryAfter);
    }

    public Unavailable(String message, Duration retryAfter, Throwable cause) {
        super(message, retryAfter, cause);
    }
}
