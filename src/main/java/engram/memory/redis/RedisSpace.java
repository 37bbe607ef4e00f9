package engram.memory.redis;

import engram.error.Unavailable;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One space in Redis: its keys, its scripts, and what is known of its versions. Thread-safe. */
final class RedisSpace {
    private final String name;
    private final Keys keys;
    private final Commands commands;
    private final RedisSettings settings;
    private final InstantSource clock;
    private final String identity;
    private volatile About known;
    private volatile boolean closed;

    /** @throws Unavailable if the space is gone */
    RedisSpace(String name, String identity, Commands commands, RedisSettings settings, InstantSource clock) {
        this.name = name;
        this.identity = identity;
        this.keys = new Keys(name);
        this.commands = commands;
        this.settings = settings;
        this.clock = clock;
        this.known = read();
    }

    String name() {
        return name;
    }

    Keys keys() {
        return keys;
    }

    RedisSettings settings() {
        return settings;
    }

    String identity() {
        return identity;
    }

    /** The versions as they were when they were last read; another replica may have changed them since. */
    About known() {
        return known;
    }

    /** The versions as they are now. */
    About refreshed() {
        About now = read();
        known = now;
        return now;
    }

    private About read() {
        Map<String, String> hash = strings(ask("HGETALL", keys.about()));
        if (!identity.equals(hash.get("identity"))) {
            throw gone();
        }
        return About.of(hash);
    }

    /** Runs one of the scripts that begin with {@code common.lua}, which returns something. */
    Response run(Script script, Arguments arguments) {
        return Commands.required(tryRun(script, arguments));
    }

    /** The same for a script that may return nothing. */
    @Nullable
    Response tryRun(Script script, Arguments arguments) {
        requireOpen();
        Arguments all = new Arguments()
                .add(keys.prefix())
                .add(identity)
                .add(clock.millis())
                .add(settings.changeRetention())
                .addAll(arguments);
        try {
            return commands.run(script, keys.about(), all);
        } catch (Refused e) {
            if (e.code() == Refused.Code.GONE) {
                throw gone();
            }
            throw e;
        }
    }

    Response ask(String command, Object... words) {
        requireOpen();
        return commands.ask(command, words);
    }

    List<@Nullable Response> send(List<Request> requests) {
        requireOpen();
        return commands.send(requests);
    }

    /** See {@link Commands#send(List, Function)}. */
    Commands.Chained send(List<Request> requests, Function<List<@Nullable Response>, List<Request>> following) {
        requireOpen();
        return commands.send(requests, following);
    }

    @Nullable
    Response send(Request request) {
        requireOpen();
        return commands.send(request);
    }

    void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw gone();
        }
    }

    private Unavailable gone() {
        return new Unavailable("the store of space '" + name + "' is closed", Duration.ofSeconds(1));
    }

    /** A hash's fields and values, which Redis tells in turn. */
    static Map<String, String> strings(Response pairs) {
        Map<String, String> strings = new HashMap<>();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            strings.put(pairs.get(i).toString(), pairs.get(i + 1).toString());
        }
        return strings;
    }
}
