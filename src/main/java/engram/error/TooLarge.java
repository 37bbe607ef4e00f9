package engram.error;

/** An input exceeds a limit that is a setting. */
public final class TooLarge extends NonRetriable {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field the offending field of the input
     * @param message the limit, the size that was met and the setting that raises it
     */
    public TooLarge(String field, String message) {
        super(message);
        this.field = field;
    }

    /** The offending field of the input. */
    public String field() {
        return field;
    }
}
