package engram.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.api.problem.Problem;
import engram.api.problem.ProblemType;
import engram.error.FieldError;
import engram.service.ServiceSettings;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/** Problem documents for what never reaches a resource: bodies that announce too many bytes, and unknown paths. */
@ApplicationScoped
class HttpEdges {
    private final ObjectMapper mapper;
    private final ServiceSettings.Limits limits;

    HttpEdges(ObjectMapper mapper, ServiceSettings settings) {
        this.mapper = mapper;
        this.limits = settings.limits();
    }

    void install(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(this::checkSize);
        router.route().order(Integer.MAX_VALUE).handler(this::unknownPath);
    }

    private void checkSize(RoutingContext request) {
        String announced = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean isImport = request.request().path().endsWith("/imports");
        long limit =
                isImport ? limits.importSize().asLongValue() : limits.bodySize().asLongValue();
        if (announced != null && isMore(announced, limit)) {
            String setting = isImport ? "engram.limits.import-size" : "engram.limits.body-size";
            // The rest of the body is not read: the connection ends with the answer.
            request.response().putHeader(HttpHeaders.CONNECTION, "close");
            answer(
                    request,
                    Problem.of(
                            ProblemType.TOO_LARGE,
                            List.of(new FieldError("", LimitedInputStream.tooLarge(limit, setting))),
                            request.request().path()));
            return;
        }
        request.next();
    }

    private void unknownPath(RoutingContext request) {
        String path = request.request().path();
        answer(request, Problem.of(ProblemType.NO_SUCH_PATH, "there is no path " + path, path));
    }

    private void answer(RoutingContext request, Problem problem) {
        try {
            request.response()
                    .setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .end(mapper.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            request.fail(e);
        }
    }

    private static boolean isMore(String announced, long limit) {
        try {
            return Long.parseLong(announced) > limit;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
