package engram.error;

/** The caller is known, and has not been granted what was asked for. */
public final class NotAllowed extends NonRetriable {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field the offending field of the input; empty where the whole call is refused
     * @param message what would be needed
     */
    public NotAllowed(String field, String message) {
        super(message);
        this.field = field;
    }

    /** The offending field of the input; empty where the whole call is refused. */
    public String field() {
        return field;
    }

    /** The same refusal with {@code prefix} put before the field, for a value nested in a larger input. */
    public NotAllowed under(String prefix) {
        return new NotAllowed(field.isEmpty() ? prefix : prefix + "." + field, String.valueOf(getMessage()));
    }
}
