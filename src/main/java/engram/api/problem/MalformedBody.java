package engram.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;

/** A body that cannot be read as what the resource expects. */
public final class MalformedBody extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final JsonProcessingException failure;

    public MalformedBody(JsonProcessingException failure) {
        super(failure);
        this.failure = failure;
    }

    /** What Jackson said. */
    JsonProcessingException failure() {
        return failure;
    }
}
