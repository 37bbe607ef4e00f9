package engram.memory.redis;

/** Redis does not know a script by its digest yet, or has been restarted since. */
final class MissingScript extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingScript(Throwable cause) {
        super(cause);
    }
}
