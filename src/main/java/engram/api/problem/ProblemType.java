package engram.api.problem;

import java.net.URI;
import java.util.Locale;

/** The sorts of problems. Their URIs are stable: clients may switch on them. */
public enum ProblemType {
    INVALID_INPUT(400, "The request is invalid"),
    MALFORMED_JSON(400, "The body is not JSON"),
    UNAUTHENTICATED(401, "A valid key is needed"),
    NOT_ALLOWED(403, "The key has not been granted this"),
    NOT_FOUND(404, "There is no such thing"),
    NO_SUCH_PATH(404, "There is no such path"),
    METHOD_NOT_ALLOWED(405, "The path has no such method"),
    NOT_ACCEPTABLE(406, "No representation is acceptable to the client"),
    CONFLICT(409, "The request contradicts what is there"),
    PRECONDITION_FAILED(412, "The thing has changed meanwhile"),
    TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body is of an unsupported type"),
    TOO_MANY_REQUESTS(429, "The key asks too often"),
    BAD_REQUEST(400, "The request cannot be understood"),
    INTERNAL_ERROR(500, "The service failed"),
    DAMAGED_DATA(500, "Stored data is damaged"),
    UNAVAILABLE(503, "The service cannot answer now"),
    STORAGE_FULL(503, "The disk is full: writes are refused");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The status code of the answer. */
    public int status() {
        return status;
    }

    /** One line for people, the same for every problem of the type. */
    public String title() {
        return title;
    }

    /** The stable name, such as {@code urn:engram:problem:invalid-input}. */
    public URI uri() {
        return URI.create(
                "urn:engram:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
