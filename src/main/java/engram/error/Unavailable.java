package engram.error;

import java.time.Duration;

/** Something Engram needs is overloaded, starting, closing or away. */
public sealed class Unavailable extends Retriable permits Unreachable {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Duration retryAfter) {
        super(message, retryAfter);
    }

    public Unavailable(String message, Duration retryAfter, Throwable cause) {
        super(message, retryAfter, cause);
    }
}
