package engram.service.guard;

import engram.error.InvalidInput;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The guards around a store outside the process. The embedded store has none. */
public interface GuardSettings {
    /** Recalls and other reads. */
    Read read();

    /** Writes of up to 100 memories. */
    Write write();

    /** Larger writes, and work on a whole space. */
    Large large();

    /** Trying again. */
    Retry retry();

    /** Asking no more while the store is away. */
    Breaker breaker();

    /** How calls of one kind are guarded. */
    interface Kind {
        /** How long a call may take, waiting included. */
        Duration timeout();

        /** How many calls run at the same time at most. */
        int concurrent();

        /** How many calls may wait for their turn; one more is answered with 503 at once. */
        int queued();

        /** How often a call that failed and may be repeated is tried again. */
        int retries();
    }

    /** Reads. */
    interface Read extends Kind {
        @Override
        @WithDefault("2s")
        Duration timeout();

        @Override
        @WithDefault("64")
        int concurrent();

        @Override
        @WithDefault("256")
        int queued();

        @Override
        @WithDefault("2")
        int retries();
    }

    /** Writes. */
    interface Write extends Kind {
        @Override
        @WithDefault("3s")
        Duration timeout();

        @Override
        @WithDefault("64")
        int concurrent();

        @Override
        @WithDefault("256")
        int queued();

        @Override
        @WithDefault("2")
        int retries();
    }

    /** Large work. */
    interface Large extends Kind {
        @Override
        @WithDefault("60s")
        Duration timeout();

        @Override
        @WithDefault("8")
        int concurrent();

        @Override
        @WithDefault("64")
        int queued();

        @Override
        @WithDefault("2")
        int retries();
    }

    /** Trying again. */
    interface Retry {
        /** How long to wait before. */
        @WithDefault("50ms")
        Duration delay();

        /** By how much that varies, up and down, so that not everybody comes back at the same moment. */
        @WithDefault("40ms")
        Duration jitter();
    }

    /** The circuit breaker. */
    interface Breaker {
        /** How many of the latest calls are looked at. */
        @WithDefault("6")
        int window();

        /** Which share of them, all failing to reach the store, makes the service ask no more; in (0,1]. */
        @WithDefault("0.5")
        double failureShare();

        /** How often the store is asked whether it is back. */
        @WithDefault("1s")
        Duration probeEvery();
    }

    /**
     * Refuses what makes no sense.
     *
     * @throws InvalidInput naming the setting
     */
    default void check() {
        check("read", read());
        check("write", write());
        check("large", large());
        require(!retry().delay().isNegative(), "retry.delay", "must not be negative");
        require(!retry().jitter().isNegative(), "retry.jitter", "must not be negative");
        require(breaker().window() >= 1, "breaker.window", "is at least 1");
        require(
                breaker().failureShare() > 0 && breaker().failureShare() <= 1,
                "breaker.failure-share",
                "is above 0 and at most 1");
        require(breaker().probeEvery().isPositive(), "breaker.probe-every", "must be positive");
    }

    private static void check(String name, Kind kind) {
        require(kind.timeout().isPositive(), name + ".timeout", "must be positive");
        require(kind.concurrent() >= 1, name + ".concurrent", "is at least 1");
        require(kind.queued() >= 1, name + ".queued", "is at least 1");
        require(kind.retries() >= 0, name + ".retries", "is at least 0");
    }

    private static void require(boolean condition, String setting, String message) {
        if (!condition) {
            throw new InvalidInput("engram.guard." + setting, message);
        }
    }
}
