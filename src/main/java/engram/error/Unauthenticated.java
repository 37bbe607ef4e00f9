package engram.error;

/** The caller did not show a key that is valid now. Never says what is wrong with it. */
public final class Unauthenticated extends NonRetriable {
    private static final long serialVersionUID = 1L;

    public Unauthenticated(String message) {
        super(message);
    }
}
