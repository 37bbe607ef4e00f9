package engram.error;

import java.time.Duration;

/**
 * Something outside this process that Engram needs does not answer: it is away, starting, or too slow. Whether it did
 * what it was asked is not known.
 */
public final class Unreachable extends Unavailable {
    private static final long serialVersionUID = 1L;

    public Unreachable(String message, Duration retryAfter) {
        super(message, retryAfter);
    }

    public Unreachable(String message, Duration retryAfter, Throwable cause) {
        super(message, retryAfter, cause);
    }
}
