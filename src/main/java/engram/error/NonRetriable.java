package engram.error;

/** A failure that the same call would meet again. */
public abstract sealed class NonRetriable extends EngramException
        permits InvalidInput, NotFound, Conflict, PreconditionFailed, TooLarge, Damaged, Unauthenticated, NotAllowed {
    private static final long serialVersionUID = 1L;

    NonRetriable(String message) {
        super(message);
    }

    NonRetriable(String message, Throwable cause) {
        super(message, cause);
    }
}
