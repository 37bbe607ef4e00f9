package engram.api;

import static java.util.Map.entry;

import engram.service.access.Right;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every operation of the API needs. One that is not in the table is refused to everybody. */
final class AccessTable {
    private static final String SPACE = "/v1/spaces/{space}";
    private static final String AGENT = "/v1/agents/{agent}";
    private static final String ENVIRONMENT = "/v1/environments/{name}";

    private static final Map<String, Rule> RULES = Map.ofEntries(
            entry("GET /v1/spaces", Rule.anyKey()),
            entry("PUT " + SPACE, Rule.audited(Need.PUT_SPACE, "space.put")),
            entry("GET " + SPACE, Rule.of(Right.READ)),
            entry("DELETE " + SPACE, Rule.audited(Need.DELETE_SPACE, "space.deleted")),
            entry("GET " + SPACE + "/statistics", Rule.of(Right.READ)),
            entry("GET " + SPACE + "/agents", Rule.of(Right.READ)),
            entry("GET " + SPACE + "/agents/{agent}/snapshots", Rule.of(Right.READ)),
            entry("GET " + SPACE + "/agents/{agent}/history", Rule.of(Right.READ)),
            entry("GET " + SPACE + "/changes", Rule.of(Right.READ)),
            entry("GET " + SPACE + "/memories", Rule.of(Right.READ)),
            entry("POST " + SPACE + "/memories", Rule.of(Right.WRITE)),
            entry("DELETE " + SPACE + "/memories", Rule.audited(Right.WRITE, "memories.cleared")),
            entry("POST " + SPACE + "/memories/batch", Rule.of(Right.WRITE)),
            entry("POST " + SPACE + "/memories/query", Rule.of(Right.READ)),
            entry("GET " + SPACE + "/memories/{id}", Rule.of(Right.READ)),
            entry("PATCH " + SPACE + "/memories/{id}", Rule.of(Right.WRITE)),
            entry("DELETE " + SPACE + "/memories/{id}", Rule.of(Right.WRITE)),
            entry("GET " + SPACE + "/memories/{id}/state", Rule.of(Right.READ)),
            entry("POST " + SPACE + "/recall", Rule.of(Right.READ)),
            entry("POST " + SPACE + "/embeddings", Rule.of(Right.READ)),
            entry("POST " + SPACE + "/experiences", Rule.of(Right.WRITE)),
            entry("POST " + SPACE + "/experiences/sample", Rule.of(Right.READ)),
            entry("POST " + SPACE + "/experiences/priorities", Rule.of(Right.WRITE)),
            entry("POST " + SPACE + "/consolidations", Rule.audited(Right.ADMIN, "space.consolidated")),
            entry("GET " + SPACE + "/encoders", Rule.of(Right.READ)),
            entry("POST " + SPACE + "/encoders", Rule.audited(Right.ADMIN, "encoder.training")),
            entry("POST " + SPACE + "/encoders/{version}/activation", Rule.audited(Right.ADMIN, "encoder.activation")),
            entry("POST " + SPACE + "/exports", Rule.audited(Right.READ, "space.exported")),
            entry("POST " + SPACE + "/imports", Rule.audited(Right.WRITE, "space.imported")),
            entry("GET " + SPACE + "/shares", Rule.of(Right.SHARE)),
            entry("POST " + SPACE + "/shares", Rule.audited(Right.SHARE, "share.granted")),
            entry("DELETE " + SPACE + "/shares/{key}", Rule.audited(Right.SHARE, "share.withdrawn")),
            entry("GET /v1/agents", Rule.anyKey()),
            entry("POST /v1/agents", new Rule(Need.ANY_KEY, Right.WRITE, Optional.of("agent.created"))),
            entry("GET " + AGENT, Rule.ofAgent(Right.READ)),
            entry("DELETE " + AGENT, new Rule(Need.AGENT, Right.WRITE, Optional.of("agent.deleted"))),
            entry("POST " + AGENT + "/act", Rule.ofAgent(Right.READ)),
            entry("POST " + AGENT + "/observe", Rule.ofAgent(Right.WRITE)),
            entry("POST " + AGENT + "/evaluations", Rule.ofAgent(Right.READ)),
            entry("POST " + AGENT + "/trainings", new Rule(Need.AGENT, Right.WRITE, Optional.of("agent.training"))),
            entry("PUT " + AGENT + "/pause", Rule.ofAgent(Right.WRITE)),
            entry("DELETE " + AGENT + "/pause", Rule.ofAgent(Right.WRITE)),
            entry("GET /v1/environments", Rule.anyKey()),
            entry("GET " + ENVIRONMENT, Rule.anyKey()),
            entry("POST " + ENVIRONMENT + "/instances", Rule.anyKey()),
            entry("POST " + ENVIRONMENT + "/instances/{id}/reset", Rule.anyKey()),
            entry("POST " + ENVIRONMENT + "/instances/{id}/step", Rule.anyKey()),
            entry("DELETE " + ENVIRONMENT + "/instances/{id}", Rule.anyKey()),
            entry("GET /v1/runs", Rule.anyKey()),
            entry("GET /v1/runs/{run}", new Rule(Need.RUN, Right.READ, Optional.empty())),
            entry("GET /v1/runs/{run}/events", new Rule(Need.RUN, Right.READ, Optional.empty())),
            entry("DELETE /v1/runs/{run}", new Rule(Need.RUN, Right.WRITE, Optional.of("run.cancelled"))),
            entry("GET /v1/admin/keys", Rule.administrator()),
            entry("POST /v1/admin/keys", Rule.audited(Need.ADMINISTRATOR, "key.created")),
            entry("GET /v1/admin/keys/{key}", Rule.administrator()),
            entry("PATCH /v1/admin/keys/{key}", Rule.audited(Need.ADMINISTRATOR, "key.changed")),
            entry("DELETE /v1/admin/keys/{key}", Rule.audited(Need.ADMINISTRATOR, "key.revoked")),
            entry("GET /v1/admin/audit", Rule.administrator()));

    private AccessTable() {}

    /** What has to be granted. */
    enum Need {
        /** Any valid key; the operation shows of its things only what the key may read. */
        ANY_KEY,
        /** A right in the space of the path. */
        SPACE,
        /** The administration of the space of the path, or, where there is none, of the service. */
        PUT_SPACE,
        /** The administration of the service; a space that may not be read looks as if it were not there. */
        DELETE_SPACE,
        /** A right in the space of the agent of the path; the administration of the service if it has none. */
        AGENT,
        /** A right in the space that the run of the path works on. */
        RUN,
        /** The administration of the service. */
        ADMINISTRATOR
    }

    /**
     * What an operation needs.
     *
     * @param right in which way the space is dealt with
     * @param action under which name it is written into the audit log; empty for everyday work
     */
    record Rule(Need need, Right right, Optional<String> action) {
        static Rule anyKey() {
            return new Rule(Need.ANY_KEY, Right.READ, Optional.empty());
        }

        static Rule of(Right right) {
            return new Rule(Need.SPACE, right, Optional.empty());
        }

        static Rule ofAgent(Right right) {
            return new Rule(Need.AGENT, right, Optional.empty());
        }

        static Rule administrator() {
            return new Rule(Need.ADMINISTRATOR, Right.ADMIN, Optional.empty());
        }

        static Rule audited(Right right, String action) {
            return new Rule(Need.SPACE, right, Optional.of(action));
        }

        static Rule audited(Need need, String action) {
            return new Rule(need, Right.ADMIN, Optional.of(action));
        }
    }

    /** The rule of an operation such as {@code GET /v1/spaces/{space}}. */
    static Optional<Rule> rule(String operation) {
        return Optional.ofNullable(RULES.get(operation));
    }

    /** The operation that a method of a resource carries out. */
    static String operation(Method method) {
        Path below = method.getAnnotation(Path.class);
        Path root = method.getDeclaringClass().getAnnotation(Path.class);
        return verb(method) + " " + trimmed(root) + trimmed(below);
    }

    private static String verb(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                return verb.value();
            }
        }
        return "";
    }

    private static String trimmed(@Nullable Path path) {
        if (path == null) {
            return "";
        }
        String text = path.value();
        String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        return trimmed.startsWith("/") ? trimmed : "/" + trimmed;
    }
}
