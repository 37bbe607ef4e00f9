package engram.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import engram.error.Unauthenticated;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers every failure of a resource with a problem document. */
class ExceptionMappers {
    private static final String CHALLENGE = "Bearer realm=\"engram\"";

    @ServerExceptionMapper(priority = 1)
    Response anything(Throwable failure, UriInfo uri) {
        return answer(failure, uri);
    }

    /** What the framework says by itself: unknown paths, methods and media types. */
    @ServerExceptionMapper(priority = 1)
    Response framework(WebApplicationException failure, UriInfo uri) {
        if (failure.getCause() instanceof JsonProcessingException || failure.getCause() instanceof MalformedBody) {
            return answer(failure.getCause(), uri);
        }
        int status = failure.getResponse().getStatus();
        if (status < 400) {
            return failure.getResponse();
        }
        Response.ResponseBuilder answer =
                Response.status(status).type(Problem.MEDIA_TYPE).entity(FrameworkProblems.of(status, failure, uri));
        String allow = failure.getResponse().getHeaderString(HttpHeaders.ALLOW);
        return (allow == null ? answer : answer.header(HttpHeaders.ALLOW, allow)).build();
    }

    private static Response answer(Throwable failure, UriInfo uri) {
        Problem problem = Problems.of(failure, uri.getPath());
        Response.ResponseBuilder answer =
                Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
        if (failure instanceof Unauthenticated) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
        }
        long seconds = Problems.retryAfterSeconds(failure);
        return (seconds > 0 ? answer.header(HttpHeaders.RETRY_AFTER, seconds) : answer).build();
    }
}
