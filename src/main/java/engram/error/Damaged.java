package engram.error;

/** Persisted data does not match its checksum or format. Says which file or row, and what repairs it. */
public final class Damaged extends NonRetriable {
    private static final long serialVersionUID = 1L;

    public Damaged(String message) {
        super(message);
    }

    public Damaged(String message, Throwable cause) {
        super(message, cause);
    }
}
