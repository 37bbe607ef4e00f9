package engram.error;

/** The thing that was asked for does not exist. */
public final class NotFound extends NonRetriable {
    private static final long serialVersionUID = 1L;

    public NotFound(String what, String name) {
        super("no " + what + " named '" + name + "'");
    }
}
