package engram.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.api.problem.Problem;
import engram.api.problem.Problems;
import engram.environment.EnvironmentSession;
import engram.error.EngramException;
import engram.error.NotAllowed;
import engram.error.Unauthenticated;
import engram.error.Unavailable;
import engram.service.ServiceSettings;
import engram.service.access.AccessControl;
import engram.service.access.Caller;
import engram.service.environments.EnvironmentLimits;
import engram.service.environments.OfferedConnection;
import engram.service.environments.OfferedEnvironments;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The doors for frames of environments ({@code docs/environments.md}): {@code …/session}, our environment and their
 * learner, and {@code …/offer}, their environment and our learner.
 */
@ApplicationScoped
class EnvironmentSockets {
    /** Up to how many instances a step is so short that the event loop takes it itself. */
    private static final int SHORT = 256;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final int MOST_MISSED = 2;
    private static final short INTERNAL_ERROR = 1011;
    /** What a ping says to a client whose offer has been taken in; all others say something else. */
    private static final String ACCEPTED = "accepted";

    private final ObjectMapper mapper;
    private final Instance<AccessControl> control;
    private final Instance<OfferedEnvironments> environments;
    private final EnvironmentLimits limits;
    private final Vertx vertx;
    private final AtomicInteger sessions = new AtomicInteger();

    /**
     * @param control looked up by requests alone, as the environments are: routes are laid before the service begins, and
     *     what keeps it from beginning is said there
     */
    EnvironmentSockets(
            ObjectMapper mapper,
            Instance<AccessControl> control,
            Instance<OfferedEnvironments> environments,
            ServiceSettings settings,
            Vertx vertx) {
        this.mapper = mapper;
        this.control = control;
        this.environments = environments;
        this.limits = settings.environments();
        this.vertx = vertx;
    }

    void install(@Observes Router router) {
        router.get("/v1/environments/:name/session")
                .order(Integer.MIN_VALUE + 1)
                .handler(request -> upgrade(request, this::session));
        router.get("/v1/environments/:name/offer")
                .order(Integer.MIN_VALUE + 1)
                .handler(request -> upgrade(request, this::offer));
    }

    private interface Door {
        /** Checks a request, and says what to do with its socket. */
        Consumer<ServerWebSocket> open(HttpServerRequest request, String name, Caller caller);
    }

    private void upgrade(RoutingContext context, Door door) {
        HttpServerRequest request = context.request();
        String wanted = request.getHeader(HttpHeaders.UPGRADE);
        if (wanted == null || !wanted.equalsIgnoreCase("websocket")) {
            context.next();
            return;
        }
        Consumer<ServerWebSocket> opened;
        try {
            Caller caller = control.get()
                    .authenticate(AccessFilter.shown(
                            request.getHeader(HttpHeaders.AUTHORIZATION), request.getHeader(AccessFilter.KEY)));
            requireSameOrigin(request);
            opened = door.open(request, String.valueOf(context.pathParam("name")), caller);
        } catch (RuntimeException e) {
            refuse(context, e);
            return;
        }
        request.toWebSocket().onSuccess(opened::accept).onFailure(context::fail);
    }

    /** Browsers let any page open a WebSocket to this machine, and say only here which page it was. */
    private static void requireSameOrigin(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return;
        }
        String authority;
        try {
            authority = String.valueOf(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            authority = "";
        }
        if (!authority.equalsIgnoreCase(String.valueOf(request.getHeader(HttpHeaders.HOST)))) {
            throw new NotAllowed("", "pages of other origins may not connect");
        }
    }

    private void refuse(RoutingContext context, RuntimeException failure) {
        Problem problem = Problems.of(failure, context.request().path());
        var response = context.response().setStatusCode(problem.status());
        if (failure instanceof Unauthenticated) {
            response.putHeader("WWW-Authenticate", "Bearer realm=\"engram\"");
        }
        long seconds = Problems.retryAfterSeconds(failure);
        if (seconds > 0) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        }
        try {
            response.putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE).end(mapper.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }

    private Consumer<ServerWebSocket> session(HttpServerRequest request, String name, Caller caller) {
        int instances = QueryParameters.integer("instances", request.getParam("instances"), 1, 1, limits.batch());
        if (sessions.get() >= limits.sessions()) {
            throw new Unavailable(
                    "there are " + limits.sessions() + " sessions already (engram.environments.sessions)", RETRY_AFTER);
        }
        EnvironmentSession session = EnvironmentSession.of(name, instances);
        return socket -> {
            sessions.incrementAndGet();
            socket.binaryMessageHandler(message -> answer(socket, session, message, instances));
            socket.textMessageHandler(message -> WebSocketChannel.refuse(socket, "frames come in binary messages"));
            // The learner reads only when it has asked something: no answer to a ping is waited for.
            long pulse = pulse(socket, caller, () -> false);
            socket.closeHandler(_ -> {
                vertx.cancelTimer(pulse);
                sessions.decrementAndGet();
                session.close();
            });
        };
    }

    private void answer(ServerWebSocket socket, EnvironmentSession session, Buffer message, int instances) {
        if (instances <= SHORT) {
            reply(socket, session, session.answer(ByteBuffer.wrap(message.getBytes())));
            return;
        }
        vertx.executeBlocking(() -> session.answer(ByteBuffer.wrap(message.getBytes())))
                .onSuccess(answer -> reply(socket, session, answer))
                .onFailure(_ -> socket.close(INTERNAL_ERROR));
    }

    private static void reply(ServerWebSocket socket, EnvironmentSession session, ByteBuffer answer) {
        byte[] bytes = new byte[answer.remaining()];
        answer.get(bytes);
        var sent = socket.writeBinaryMessage(Buffer.buffer(bytes));
        if (session.isClosed()) {
            sent.onComplete(_ -> socket.close());
        }
    }

    private Consumer<ServerWebSocket> offer(HttpServerRequest request, String name, Caller caller) {
        environments.get().requireFree(name, caller);
        return socket -> {
            WebSocketChannel channel = new WebSocketChannel(socket);
            AtomicReference<@Nullable OfferedConnection> connection = new AtomicReference<>();
            long pulse = pulse(socket, caller, () -> {
                OfferedConnection known = connection.get();
                return known != null && !known.isInUse();
            });
            socket.closeHandler(_ -> {
                vertx.cancelTimer(pulse);
                channel.end();
                OfferedConnection known = connection.get();
                if (known != null) {
                    environments.get().disconnected(name, known);
                }
            });
            Thread.ofVirtual().name("engram-offer-" + name).start(() -> {
                try {
                    OfferedConnection known = environments.get().connected(name, caller, channel);
                    connection.set(known);
                    if (socket.isClosed()) {
                        environments.get().disconnected(name, known);
                    } else {
                        socket.writePing(Buffer.buffer(ACCEPTED));
                    }
                } catch (EngramException e) {
                    WebSocketChannel.refuse(socket, String.valueOf(e.getMessage()));
                }
            });
        };
    }

    private interface Expectation {
        boolean answerIsExpected();
    }

    /** Asks the other side now and then whether it is there, and ends the connection of a key that is no longer valid. */
    private long pulse(ServerWebSocket socket, Caller caller, Expectation expectation) {
        AtomicInteger missed = new AtomicInteger();
        socket.pongHandler(_ -> missed.set(0));
        return vertx.setPeriodic(limits.pingEvery().toMillis(), _ -> {
            if (control.get().renewed(caller).isEmpty()) {
                WebSocketChannel.refuse(socket, "the key is not valid any more");
            } else if (!expectation.answerIsExpected()) {
                missed.set(0);
                socket.writePing(Buffer.buffer("engram"));
            } else if (missed.incrementAndGet() > MOST_MISSED) {
                socket.close();
            } else {
                socket.writePing(Buffer.buffer("engram"));
            }
        });
    }
}
