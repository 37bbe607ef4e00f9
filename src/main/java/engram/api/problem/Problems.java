package engram.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.EngramException;
import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.error.NotAllowed;
import engram.error.NotFound;
import engram.error.PreconditionFailed;
import engram.error.Retriable;
import engram.error.StorageFull;
import engram.error.TooLarge;
import engram.error.TooManyRequests;
import engram.error.Unauthenticated;
import engram.error.Unavailable;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The problem document of a failure. What nobody foresaw is logged with an id that the client is told. */
public final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    private Problems() {}

    /** The problem of a failure that a request met. */
    public static Problem of(Throwable failure, @Nullable String instance) {
        return switch (failure) {
            case EngramException known -> of(known, instance);
            case MalformedBody body -> JsonErrors.problem(body.failure(), instance);
            case JsonProcessingException body -> JsonErrors.problem(body, instance);
            default -> unforeseen(failure, instance);
        };
    }

    private static Problem of(EngramException failure, @Nullable String instance) {
        return switch (failure) {
            case InvalidInput invalid -> Problem.of(ProblemType.INVALID_INPUT, invalid.errors(), instance);
            case NotFound missing -> Problem.of(ProblemType.NOT_FOUND, message(missing), instance);
            case Unauthenticated unknown -> Problem.of(ProblemType.UNAUTHENTICATED, message(unknown), instance);
            case NotAllowed refused ->
                refused.field().isEmpty()
                        ? Problem.of(ProblemType.NOT_ALLOWED, message(refused), instance)
                        : Problem.of(
                                ProblemType.NOT_ALLOWED,
                                List.of(new FieldError(refused.field(), message(refused))),
                                instance);
            case TooManyRequests many -> Problem.of(ProblemType.TOO_MANY_REQUESTS, message(many), instance);
            case Conflict conflict ->
                Problem.of(
                        ProblemType.CONFLICT, List.of(new FieldError(conflict.field(), message(conflict))), instance);
            case PreconditionFailed stale -> Problem.of(ProblemType.PRECONDITION_FAILED, message(stale), instance);
            case TooLarge large ->
                Problem.of(ProblemType.TOO_LARGE, List.of(new FieldError(large.field(), message(large))), instance);
            case Damaged damaged -> {
                LOG.errorf(damaged, "stored data is damaged");
                yield Problem.of(ProblemType.DAMAGED_DATA, message(damaged), instance);
            }
            case Unavailable unavailable -> Problem.of(ProblemType.UNAVAILABLE, message(unavailable), instance);
            case StorageFull full -> Problem.of(ProblemType.STORAGE_FULL, message(full), instance);
        };
    }

    /** After how many seconds a client may try again; 0 where trying again does not help. */
    public static long retryAfterSeconds(Throwable failure) {
        return failure instanceof Retriable retriable
                ? Math.max(1, retriable.retryAfter().toSeconds())
                : 0;
    }

    private static Problem unforeseen(Throwable failure, @Nullable String instance) {
        String id = UUID.randomUUID().toString();
        LOG.errorf(failure, "unexpected failure %s at %s", id, instance);
        return Problem.of(
                ProblemType.INTERNAL_ERROR, "an unexpected failure; the log tells more under " + id, instance);
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? "" : failure.getMessage();
    }
}
