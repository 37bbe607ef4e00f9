package engram.error;

/** The caller asked for a change of a revision that is no longer the current one. */
public final class PreconditionFailed extends NonRetriable {
    private static final long serialVersionUID = 1L;

    public PreconditionFailed(String message) {
        super(message);
    }
}
