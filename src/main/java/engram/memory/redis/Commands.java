package engram.memory.redis;

import engram.error.Unavailable;
import engram.error.Unreachable;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands and waits for their answers. What fails is told as one of Engram's exceptions. Not to be called from
 * threads that must not wait. Thread-safe.
 */
final class Commands {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Redis redis;
    private final Duration within;
    private volatile boolean closed;

    Commands(Redis redis, Duration within) {
        this.redis = redis;
        this.within = within;
    }

    /** A request of this command with these words. */
    static Request request(String command, Object... words) {
        Request request = Request.cmd(Command.create(command));
        for (Object word : words) {
            switch (word) {
                case byte[] bytes -> request.arg(bytes);
                case Long number -> request.arg(number.longValue());
                case Integer number -> request.arg(number.longValue());
                default -> request.arg(word.toString());
            }
        }
        return request;
    }

    /** The answer to one command; null where Redis says that there is nothing. */
    @Nullable
    Response send(Request request) {
        return await(redis.send(request));
    }

    /** The answer to one command, which is never nothing. */
    Response ask(String command, Object... words) {
        return required(send(request(command, words)));
    }

    /** The answers to commands that travel together, in order; the first that fails fails them all. */
    List<@Nullable Response> send(List<Request> requests) {
        return await(redis.batch(requests));
    }

    /**
     * The answers to commands, and those to more commands that follow from them. Nobody has to be woken in between, which
     * takes longer than Redis does.
     */
    Chained send(List<Request> requests, Function<List<@Nullable Response>, List<Request>> following) {
        return await(redis.batch(requests).compose(first -> {
            List<Request> next = following.apply(first);
            return next.isEmpty()
                    ? Future.succeededFuture(new Chained(first, List.of()))
                    : redis.batch(next).map(second -> new Chained(first, second));
        }));
    }

    /** The answers to the first commands and to those that followed. */
    record Chained(List<@Nullable Response> first, List<@Nullable Response> second) {}

    /** Runs a script on a key's slot; null where it returns nothing. */
    @Nullable
    Response run(Script script, String key, Arguments arguments) {
        try {
            return await(redis.send(call(Command.EVALSHA, script.digest(), key, arguments)));
        } catch (MissingScript e) {
            return await(redis.send(call(Command.EVAL, script.source(), key, arguments)));
        }
    }

    private static Request call(Command command, String script, String key, Arguments arguments) {
        Request request = Request.cmd(command).arg(script).arg(1).arg(key);
        arguments.values().forEach(request::arg);
        return request;
    }

    /** Ends the use of Redis: whatever is asked from now on is refused. The client belongs to whoever made it. */
    void close() {
        closed = true;
    }

    static Response required(@Nullable Response response) {
        if (response == null) {
            throw new IllegalStateException("Redis answered with nothing");
        }
        return response;
    }

    private <T> T await(Future<T> answer) {
        if (closed) {
            throw new Unavailable("the memory is closed", RETRY_AFTER);
        }
        try {
            return answer.toCompletionStage().toCompletableFuture().get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw Failures.of(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new Unreachable("Redis has not answered within " + within, RETRY_AFTER, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted while waiting for Redis", RETRY_AFTER, e);
        }
    }
}
