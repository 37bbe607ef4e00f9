package engram.error;

/**
 * Base of every failure that Engram reports. A caller that wants to retry looks at the branch: {@link Retriable} may go
 * away by itself, {@link NonRetriable} will not.
 */
public abstract sealed class EngramException extends RuntimeException permits Retriable, NonRetriable {
    private static final long serialVersionUID = 1L;

    EngramException(String message) {
        super(message);
    }

    EngramException(String message, Throwable cause) {
        super(message, cause);
    }
}
