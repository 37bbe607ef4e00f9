package engram.memory.redis;

/** A script refused to do something; the code says why. Never leaves this package. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Code code;

    Refused(Code code, String detail) {
        super(detail);
        this.code = code;
    }

    Code code() {
        return code;
    }

    /** Why. The scripts begin their errors with these words. */
    enum Code {
        /** The space was removed, perhaps created anew. */
        GONE,
        /** A space of this name is still being removed. */
        REMOVING,
        /** An idempotency key or a version is in use in another way. */
        CONFLICT,
        /** A memory brings no vector of the active version. */
        VERSION,
        /** The version is not in use. */
        NOVERSION,
        /** Something has another revision than the expected one. */
        REVISION,
        /** There is no such index, at the moment or at all. */
        INDEX
    }
}
