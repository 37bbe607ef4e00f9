package engram.memory.redis;

import engram.error.EngramException;
import engram.memory.Leases;
import io.vertx.redis.client.Response;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Clears away what versions out of use have left: their indexes at once, their vectors little by little, because Redis
 * puts the other vectors of a hash into their graphs anew whenever one of its fields goes.
 */
final class RetiredVersions {
    private static final System.Logger LOG = System.getLogger(RetiredVersions.class.getName());
    private static final int AT_ONCE = 50;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final RedisSpace space;
    private final Indexes indexes;
    private final Executor executor;
    private final RedisLeases leases;

    RetiredVersions(RedisSpace space, Indexes indexes, Executor executor, RedisLeases leases) {
        this.space = space;
        this.indexes = indexes;
        this.executor = executor;
        this.leases = leases;
    }

    /** Drops the indexes, and clears away the vectors in the background unless another replica does. */
    void clearAway() {
        About about = space.known();
        if (about.dropping().isEmpty()) {
            return;
        }
        about.dropping().forEach(indexes::drop);
        try {
            executor.execute(this::clearVectors);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the store is closing", e);
        }
    }

    private void clearVectors() {
        try {
            Optional<Leases.Lease> lease = leases.acquire("spaces/" + space.name() + "/retired-vectors");
            if (lease.isEmpty()) {
                return;
            }
            try (Leases.Lease held = lease.get()) {
                for (int field : space.refreshed().dropping()) {
                    indexes.drop(field);
                    clear(field, held);
                }
            }
        } catch (EngramException e) {
            LOG.log(Level.DEBUG, "vectors that are out of use stay until the space is opened again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void clear(int field, Leases.Lease lease) throws InterruptedException {
        long cleared;
        do {
            cleared = 0;
            long places = AT_ONCE;
            for (long from = 0; places == AT_ONCE; from += AT_ONCE) {
                if (!lease.isHeld()) {
                    return;
                }
                Response answer = space.run(
                        Script.CLEAN, new Arguments().add(field).add(from).add(AT_ONCE));
                places = answer.get(0).toLong();
                cleared += answer.get(1).toLong();
                if (answer.get(1).toLong() > 0) {
                    TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
                }
            }
            // Places shift while memories come and go: once more until nothing is left.
        } while (cleared > 0);
        space.ask("HDEL", space.keys().about(), "dropping:" + field);
    }
}
