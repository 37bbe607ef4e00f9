package engram.api.problem;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.UriInfo;

/** The problems that the HTTP framework finds before a resource is reached. */
final class FrameworkProblems {
    private FrameworkProblems() {}

    static Problem of(int status, WebApplicationException failure, UriInfo uri) {
        String path = uri.getPath();
        return switch (status) {
            case 404 -> Problem.of(ProblemType.NO_SUCH_PATH, "there is no path " + path, path);
            case 405 ->
                Problem.of(
                        ProblemType.METHOD_NOT_ALLOWED,
                        "the path does not have this method; Allow lists those it has",
                        path);
            case 406 ->
                Problem.of(
                        ProblemType.NOT_ACCEPTABLE, "the answer exists in none of the types that Accept names", path);
            case 413 -> Problem.of(ProblemType.TOO_LARGE, "the body is larger than allowed", path);
            case 415 -> Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json", path);
            default ->
                status < 500
                        ? new Problem(
                                ProblemType.BAD_REQUEST.uri().toString(),
                                ProblemType.BAD_REQUEST.title(),
                                status,
                                "the request cannot be understood",
                                path,
                                java.util.List.of())
                        : Problems.of(failure, path);
        };
    }
}
