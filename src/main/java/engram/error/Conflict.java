package engram.error;

/** The call contradicts what is already there: an id that exists, a key that was used with another body. */
public final class Conflict extends NonRetriable {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field the offending field of the input
     * @param message what it contradicts
     */
    public Conflict(String field, String message) {
        super(message);
        this.field = field;
    }

    /** The offending field of the input. */
    public String field() {
        return field;
    }
}
