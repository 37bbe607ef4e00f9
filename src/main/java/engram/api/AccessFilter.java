package engram.api;

import engram.error.EngramException;
import engram.error.NotAllowed;
import engram.error.NotFound;
import engram.memory.space.Spaces;
import engram.run.Run;
import engram.run.Runs;
import engram.service.access.AccessControl;
import engram.service.access.AuditLog;
import engram.service.access.Caller;
import engram.service.access.Right;
import engram.service.agents.AgentService;
import engram.training.AgentDefinition;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * Lets through what the sender of a request may ask for by {@link AccessTable}, before anything else of the request is
 * looked at, and writes what administrators did into the audit log.
 */
class AccessFilter {
    private static final Logger LOG = Logger.getLogger(AccessFilter.class);
    static final String KEY = "X-API-Key";
    private static final String BEARER = "bearer ";
    private static final int CREATED = 201;
    private static final int FIRST_REFUSAL = 400;
    private static final int FIRST_FAILURE = 500;
    private static final int LONGEST_TARGET = 200;

    private final AccessControl control;
    private final RequestAccess access;
    private final Spaces spaces;
    private final Runs runs;
    private final AuditLog audit;
    private final AgentService agents;
    private final ConcurrentMap<Method, String> operations = new ConcurrentHashMap<>();

    AccessFilter(
            AccessControl control,
            RequestAccess access,
            Spaces spaces,
            Runs runs,
            AuditLog audit,
            AgentService agents) {
        this.control = control;
        this.access = access;
        this.spaces = spaces;
        this.runs = runs;
        this.audit = audit;
        this.agents = agents;
    }

    @ServerRequestFilter(priority = Priorities.AUTHENTICATION)
    void check(ContainerRequestContext request, ResourceInfo resource) {
        Caller caller = control.authenticate(shown(request));
        AccessTable.Rule rule = rule(resource);
        access.begin(caller, rule);
        UriInfo uri = request.getUriInfo();
        switch (rule.need()) {
            case ANY_KEY -> {}
            case SPACE -> caller.require(parameter(uri, "space"), rule.right());
            case PUT_SPACE -> requireToPut(caller, parameter(uri, "space"));
            case DELETE_SPACE -> {
                if (!caller.isAdministrator()) {
                    caller.require(parameter(uri, "space"), Right.READ);
                }
                caller.requireAdministrator();
            }
            case AGENT -> requireAgent(caller, parameter(uri, "agent"), rule.right());
            case RUN -> requireRun(caller, parameter(uri, "run"), rule.right());
            case ADMINISTRATOR -> caller.requireAdministrator();
        }
    }

    @ServerResponseFilter
    void audit(ContainerRequestContext request, ContainerResponseContext response) {
        Optional<String> action = access.rule().flatMap(AccessTable.Rule::action);
        if (action.isEmpty()) {
            return;
        }
        int status = response.getStatus();
        String outcome = status < FIRST_REFUSAL ? "done" : status < FIRST_FAILURE ? "refused" : "failed";
        try {
            audit.append(access.caller(), named(action.get(), status), target(request.getUriInfo()), outcome);
        } catch (EngramException e) {
            // What was done is done; whoever watches the service has to know that the log has a gap.
            LOG.errorf(
                    "%s by %s is not in the audit log: %s",
                    action.get(), access.caller().name(), e.getMessage());
        }
    }

    /** Whether a run may be known, as far as its subject is a space. */
    static boolean isVisible(Caller caller, Run run) {
        if (run.kind().equals(AgentService.TRAINING)) {
            // An agent's id says nothing of a space; those who may know the agent ask for its run by id.
            return caller.isAdministrator();
        }
        return caller.isAdministrator()
                || (run.kind().equals(TransferResource.RUN)
                        // Its report tells of single memories, whoever sent them.
                        ? caller.scope(run.subject(), Right.READ).everyone()
                        : caller.may(run.subject(), Right.READ));
    }

    private AccessTable.Rule rule(ResourceInfo resource) {
        Method method = resource.getResourceMethod();
        if (method == null) {
            // What the framework answers by itself, such as OPTIONS.
            throw new NotAllowed("", "nobody may do this");
        }
        String operation = operations.computeIfAbsent(method, AccessTable::operation);
        return AccessTable.rule(operation)
                .orElseThrow(() -> new NotAllowed("", "nobody may do this: " + operation + " is in no table"));
    }

    private void requireToPut(Caller caller, String space) {
        if (caller.isAdministrator()) {
            return;
        }
        caller.require(space, Right.ADMIN);
        if (!spaces.exists(space)) {
            caller.requireAdministrator();
        }
    }

    /**
     * Whether an agent may be known: to whoever may read all of its space, because what it does comes from everybody's
     * memories; one that has no space is known to administrators alone.
     */
    static boolean mayRead(Caller caller, AgentDefinition agent) {
        return caller.isAdministrator()
                || agent.space()
                        .map(space -> caller.scope(space, Right.READ).everyone())
                        .orElse(false);
    }

    private void requireAgent(Caller caller, String id, Right right) {
        if (caller.isAdministrator()) {
            return;
        }
        AgentDefinition agent = agents.library().get(id).definition();
        if (!mayRead(caller, agent)) {
            throw new NotFound("agent", id);
        }
        if (right != Right.READ) {
            requireToTeach(caller, agent.space().orElseThrow(), id);
        }
    }

    /**
     * Makes sure that somebody may have an agent learn and remember in a space.
     *
     * @param agent the name under which it remembers
     */
    static void requireToTeach(Caller caller, String space, String agent) {
        caller.require(space, Right.WRITE);
        caller.scope(space, Right.WRITE).require(agent);
        if (!caller.scope(space, Right.READ).everyone()) {
            throw new NotAllowed("space", "this key may not read all of it, and an agent learns from all of it");
        }
    }

    private void requireRun(Caller caller, String id, Right right) {
        Run run = runs.get(id);
        if (run.kind().equals(AgentService.TRAINING)) {
            requireAgent(caller, run.subject(), right);
            return;
        }
        if (!isVisible(caller, run)) {
            throw new NotFound("run", id);
        }
        if (right != Right.READ && !caller.isAdministrator()) {
            caller.require(run.subject(), run.kind().equals(TransferResource.RUN) ? Right.WRITE : Right.ADMIN);
        }
    }

    private static Optional<String> shown(ContainerRequestContext request) {
        return shown(request.getHeaderString(HttpHeaders.AUTHORIZATION), request.getHeaderString(KEY));
    }

    /** The key that a request shows, in either of its headers. */
    static Optional<String> shown(@Nullable String authorization, @Nullable String key) {
        if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return Optional.of(authorization.substring(BEARER.length()).strip());
        }
        return Optional.ofNullable(key).map(String::strip);
    }

    private static String parameter(UriInfo uri, String name) {
        return String.valueOf(uri.getPathParameters().getFirst(name));
    }

    /** Whether a space was made or changed is known only afterwards. */
    private static String named(String action, int status) {
        if (!action.equals("space.put")) {
            return action;
        }
        return status == CREATED ? "space.created" : "space.replaced";
    }

    private String target(UriInfo uri) {
        String path = access.target().orElseGet(() -> uri.getPath().replaceFirst("^/?v1/", ""));
        return path.length() <= LONGEST_TARGET ? path : path.substring(0, LONGEST_TARGET) + "…";
    }
}
