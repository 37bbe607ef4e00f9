package engram.memory.redis;

import engram.error.Damaged;
import engram.error.StorageFull;
import engram.error.Unavailable;
import engram.error.Unreachable;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** Makes Engram's exceptions of what the client reports. */
final class Failures {
    private static final Duration SOON = Duration.ofSeconds(1);

    /** Conditions that end without anybody changing the request. */
    private static final Set<String> PASSING = Set.of(
            "LOADING",
            "BUSY",
            "MASTERDOWN",
            "CLUSTERDOWN",
            "TRYAGAIN",
            "READONLY",
            "NOREPLICAS",
            "UNBLOCKED",
            "ASK",
            "MOVED",
            "EXECABORT");

    /** Conditions that end when somebody changes the settings. */
    private static final Set<String> ACCESS = Set.of("NOAUTH", "WRONGPASS", "NOPERM", "DENIED");

    private Failures() {}

    static RuntimeException of(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (!(failure instanceof Response response) || response.type() != ResponseType.ERROR) {
            return new Unreachable("Redis cannot be reached: " + message, SOON, failure);
        }
        int space = message.indexOf(' ');
        String code = space < 0 ? message : message.substring(0, space);
        String detail = space < 0 ? "" : message.substring(space + 1);
        if (code.equals("CONNECTION_CLOSED") || message.contains("ClosedChannelException")) {
            // The client's own, in the form of an answer of Redis; the second for what was still to be written.
            return new Unreachable("the connection to Redis was closed", SOON, failure);
        }
        if (code.equals("NOSCRIPT")) {
            return new MissingScript(failure);
        }
        if (code.equals("OOM")) {
            return new StorageFull("Redis has reached its maxmemory", failure);
        }
        if (code.equals("MISCONF")) {
            return new StorageFull("Redis cannot write its append-only file: " + detail, failure);
        }
        if (ACCESS.contains(code)) {
            return new Unavailable("Redis refuses this service: " + message, Duration.ofSeconds(10), failure);
        }
        if (PASSING.contains(code)) {
            return new Unreachable("Redis is not ready: " + message, SOON, failure);
        }
        for (Refused.Code refusal : Refused.Code.values()) {
            if (code.equals(refusal.name())) {
                return new Refused(refusal, detail);
            }
        }
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("no such index") || text.contains("unknown index name")) {
            return new Refused(Refused.Code.INDEX, message);
        }
        if (text.contains("timeout limit was reached")) {
            return new Unavailable("a search took longer than Redis allows", SOON, failure);
        }
        if (text.contains("unknown command")) {
            return new Unavailable("this Redis has no vector search: " + message, Duration.ofSeconds(10), failure);
        }
        if (code.equals("WRONGTYPE")) {
            return new Damaged("a key of Engram's in Redis was written by somebody else: " + message, failure);
        }
        return new IllegalStateException("Redis refused a command: " + message, failure);
    }
}
