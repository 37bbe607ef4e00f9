package engram.service;

import engram.service.environments.EnvironmentLimits;
import engram.service.guard.GuardSettings;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Every setting of the service, by the MicroProfile rules: {@code engram.data-dir} is the system property of that name
 * or the environment variable {@code ENGRAM_DATA_DIR}. A property under {@code engram} that is not named here stops the
 * start.
 */
@ConfigMapping(prefix = "engram")
public interface ServiceSettings {
    /** Where memories are kept: {@code embedded}, in the data directory, or {@code redis}. */
    @WithDefault("embedded")
    String store();

    /** The directory of everything that is kept: record, indexes, encoders, runs. */
    @WithDefault("data")
    Path dataDir();

    /** Where encoders are trained: {@code auto}, {@code cpu} or {@code gpu}. */
    @WithDefault("auto")
    String device();

    /** How many threads one operation of a training may use on the CPU; 0 for the number of cores. */
    @WithDefault("1")
    int deviceThreads();

    /** Who may talk to the service. */
    Access access();

    /** What a request may ask for at most. */
    Limits limits();

    /** How a space trains encoders where its own settings say nothing. */
    SpaceDefaults.Encoder encoder();

    /** The tier policy of a space where its own settings say nothing. */
    SpaceDefaults.Tiers tiers();

    /** When memories move down the tiers. */
    Consolidation consolidation();

    /** The record of the embedded store. */
    EmbeddedStoreSettings.RecordStore record();

    /** The indexes of the embedded store. */
    EmbeddedStoreSettings.Index index();

    /** The store in Redis. */
    RedisStoreSettings redis();

    /** Writes that a client may repeat. */
    Idempotency idempotency();

    /** Counting how often memories are recalled. */
    Recalls recalls();

    /** Guards around a store outside the process. */
    GuardSettings guard();

    /** Writes that wait while a store outside the process is away. */
    SpoolLimits spool();

    /** Long jobs. */
    RunLimits runs();

    /** Several services with the same memory. */
    Replicas replicas();

    /** The change feed. */
    Changes changes();

    /** Agents that act and learn. */
    AgentLimits agents();

    /** Environments that clients use and offer. */
    EnvironmentLimits environments();

    /** Agents that act and learn. */
    interface AgentLimits {
        /** How long a request to act waits for a policy that has to be read from disk first. */
        @WithDefault("5s")
        Duration actWithin();

        /** How often what agents learned online is written down. */
        @WithDefault("10s")
        Duration saveEvery();
    }

    /** Access. */
    interface Access {
        /**
         * Whether a key is needed even where there is none yet. Without this a key is needed as soon as there is one.
         */
        @WithDefault("false")
        boolean required();

        /**
         * Whether the service may listen beyond the loopback although nobody has a key. Without this it refuses to start
         * on any other address until a key has been made.
         */
        @WithDefault("false")
        boolean allowUnauthenticated();

        /** How often keys are read again, so that those which another replica made or revoked count here. */
        @WithDefault("2s")
        String reloadEvery();

        /** How many requests a second a key may send that has no rate of its own; 0 for any number. */
        @WithDefault("0")
        double rate();

        /** How many requests such a key may send at once after a pause; 0 for those of one second. */
        @WithDefault("0")
        int burst();
    }

    /** Limits. One that is exceeded is answered with 413 where it is a size and with 400 otherwise, naming the setting. */
    interface Limits {
        /** The largest request body, except that of an import. */
        @WithDefault("16M")
        MemorySize bodySize();

        /** The largest body of an import. */
        @WithDefault("2G")
        MemorySize importSize();

        /** How many memories, states or texts one request may carry. */
        @WithDefault("1000")
        int batchSize();

        /** The largest {@code k} of a recall. */
        @WithDefault("1000")
        int k();

        /** The largest page. */
        @WithDefault("1000")
        int pageSize();

        /** The longest text in a request, in characters; for names of fields the limit is 1,000. */
        @WithDefault("100000")
        int stringLength();

        /** How deep JSON may be nested. */
        @WithDefault("64")
        int nestingDepth();

        /** How many tags a memory may have. */
        @WithDefault("64")
        int tags();

        /** How many conditions a filter may have. */
        @WithDefault("256")
        int filterConditions();

        /** How many ids one recall may exclude. */
        @WithDefault("1000")
        int exclusions();
    }

    /** Consolidation. */
    interface Consolidation {
        /** How often every space is consolidated; {@code off} for never. */
        @WithDefault("5m")
        String every();

        /** How often the tiers' fill is looked at; {@code off} for never. */
        @WithDefault("30s")
        String checkEvery();

        /**
         * From how many times its capacity in a tier the memories of an agent make a space consolidate at the next look
         * instead of at the next turn; at least 1.
         */
        @WithDefault("1.2")
        double pressure();
    }

    /** Idempotency. */
    interface Idempotency {
        /** How long an {@code Idempotency-Key} is remembered. */
        @WithDefault("24h")
        Duration retention();
    }

    /** Counts of recalls. */
    interface Recalls {
        /** How often they are written down; {@code off} for never, and then only consolidation does it. */
        @WithDefault("10s")
        String writeEvery();
    }

    /** Writes that wait. */
    interface SpoolLimits {
        /** How much room they may take on disk, over all spaces; what comes beyond it is answered with 503. */
        @WithDefault("1G")
        MemorySize size();

        /** How many requests may wait, over all spaces. */
        @WithDefault("100000")
        int writes();

        /** From which size on a file of the spool is followed by a new one. */
        @WithDefault("16M")
        MemorySize segmentSize();

        /** How long a new write waits for those before it while they are being delivered, before it is kept as well. */
        @WithDefault("500ms")
        Duration drainWait();

        /** How long delivery waits after it found the store away. */
        @WithDefault("1s")
        Duration retryEvery();
    }

    /** Runs. */
    interface RunLimits {
        /** How many runs execute at the same time. */
        @WithDefault("4")
        int threads();

        /** How many runs may wait. */
        @WithDefault("100")
        int queued();

        /** How many finished runs are remembered. */
        @WithDefault("1000")
        int history();

        /** How long a shutdown waits for cancelled runs to stop. */
        @WithDefault("10s")
        Duration stopWithin();
    }

    /** Replicas. */
    interface Replicas {
        /** How often a replica looks at what the others have changed; only where replicas share a store. */
        @WithDefault("500ms")
        Duration followEvery();
    }

    /** The change feed. */
    interface Changes {
        /** How many changes of a space are kept for clients that come back. */
        @WithDefault("100000")
        int retention();

        /** How often an idle stream of events sends a comment, so that proxies keep it open. */
        @WithDefault("15s")
        Duration heartbeat();
    }
}
