package engram.environment;

import java.io.Serial;

/** A call into a guarded environment that did not give a valid result. */
final class Fault extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** In which way. */
    enum Kind {
        TIMEOUT,
        CRASH,
        INVALID
    }

    private final Kind kind;

    Fault(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    Fault(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    /** For a person: the message never is null. */
    String reason() {
        return String.valueOf(getMessage());
    }
}
