package engram.service;

import engram.memory.redis.RedisSettings;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The settings of the store in Redis; hosts, passwords and TLS are those of the client, {@code quarkus.redis.*}. */
public interface RedisStoreSettings {
    /**
     * How the numbers of vectors are kept in spaces created from now on: {@code float32}, or {@code float16} for half the
     * memory.
     */
    @WithDefault("float32")
    RedisSettings.VectorType vectors();

    /** How many neighbours a vector has in the graph (M of HNSW). */
    @WithDefault("16")
    int connections();

    /** How many candidates are kept while a vector is put into the graph (EF_CONSTRUCTION). */
    @WithDefault("200")
    int beamWidth();

    /** How many candidates a search keeps at least, whatever its k (EF_RUNTIME). */
    @WithDefault("100")
    int searchBreadth();

    /** How long a recall waits for an index that is being rebuilt before it is answered with 503; never longer than three quarters of {@code engram.guard.read.timeout}. */
    @WithDefault("60s")
    Duration readyWait();

    /** How many payload paths and tags with numbers are indexed; filters on others look at what a wider search finds. */
    @WithDefault("256")
    int payloadPaths();

    /** How many memories one page looks at, at most, before it ends short of its limit. */
    @WithDefault("50000")
    int scanBudget();

    /** How long an answer of Redis is waited for. */
    @WithDefault("10s")
    Duration answerWithin();

    /** After which time without a sign of life from a replica another one may take over its work. */
    @WithDefault("15s")
    Duration leaseTime();

    /** A wait that ends before the guard would take it for a store that is away. */
    private static Duration shorter(Duration wait, Duration timeout) {
        Duration most = timeout.multipliedBy(3).dividedBy(4);
        return wait.compareTo(most) < 0 ? wait : most;
    }

    /** The settings as the store knows them. */
    static RedisSettings of(ServiceSettings settings) {
        RedisStoreSettings redis = settings.redis();
        return new RedisSettings(
                new RedisSettings.IndexSettings(
                        redis.vectors(),
                        redis.connections(),
                        redis.beamWidth(),
                        redis.searchBreadth(),
                        shorter(redis.readyWait(), settings.guard().read().timeout()),
                        redis.payloadPaths()),
                settings.changes().retention(),
                settings.idempotency().retention(),
                redis.scanBudget(),
                redis.answerWithin(),
                redis.leaseTime());
    }
}
