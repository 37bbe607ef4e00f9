package engram.error;

import java.time.Duration;

/** The caller asks more often than it may. */
public final class TooManyRequests extends Retriable {
    private static final long serialVersionUID = 1L;

    /** @param retryAfter after which time one more request will do */
    public TooManyRequests(String message, Duration retryAfter) {
        super(message, retryAfter);
    }
}
