package engram.api;

import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses query parameters that a path does not have, because a misspelt one would silently do nothing. */
class UnknownParameters {
    private final ConcurrentMap<Method, List<String>> known = new ConcurrentHashMap<>();

    @ServerRequestFilter
    void check(ResourceInfo resource, UriInfo uri) {
        if (uri.getRequestUri().getRawQuery() == null || resource.getResourceMethod() == null) {
            return;
        }
        List<String> names = known.computeIfAbsent(resource.getResourceMethod(), UnknownParameters::names);
        List<FieldError> errors = uri.getQueryParameters().keySet().stream()
                .filter(name -> !names.contains(name))
                .map(name -> new FieldError(
                        Names.shortened(name), "is an unknown query parameter" + Suggestion.forName(name, names)))
                .toList();
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
    }

    private static List<String> names(Method method) {
        return Arrays.stream(method.getParameters())
                .map(parameter -> parameter.getAnnotation(QueryParam.class))
                .filter(Objects::nonNull)
                .map(QueryParam::value)
                .toList();
    }
}
