package engram.memory.redis;

import engram.error.EngramException;
import engram.memory.Leases;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Leases as keys that expire. A lease is kept up three times as often as it needs to be; who cannot reach Redis counts it
 * as lost before Redis does.
 */
final class RedisLeases implements Leases {
    private static final System.Logger LOG = System.getLogger(RedisLeases.class.getName());
    private static final String KEY = "engram:lease:";
    private static final int BEATS = 3;

    private final Commands commands;
    private final ScheduledExecutorService executor;
    private final Duration time;

    RedisLeases(Commands commands, ScheduledExecutorService executor, Duration time) {
        this.commands = commands;
        this.executor = executor;
        this.time = time;
    }

    @Override
    public Optional<Lease> acquire(String name) {
        RedisLease lease = new RedisLease(KEY + RedisDocuments.checked(name));
        return lease.take() ? Optional.of(lease) : Optional.empty();
    }

    private final class RedisLease implements Lease {
        private final String key;
        private final String who = UUID.randomUUID().toString();
        private volatile long until;
        private volatile boolean ended;

        RedisLease(String key) {
            this.key = key;
        }

        boolean take() {
            if (!ask("take")) {
                return false;
            }
            long every = Math.max(1, time.toMillis() / BEATS);
            Future<?>[] beat = new Future<?>[1];
            beat[0] = executor.scheduleAtFixedRate(
                    () -> {
                        if (ended) {
                            beat[0].cancel(false);
                        } else {
                            keep();
                        }
                    },
                    every,
                    every,
                    TimeUnit.MILLISECONDS);
            return true;
        }

        private void keep() {
            try {
                if (!ask("keep")) {
                    ended = true;
                }
            } catch (EngramException e) {
                LOG.log(Level.DEBUG, "the lease cannot be kept up for the moment", e);
            }
        }

        private boolean ask(String what) {
            long asked = System.nanoTime();
            Arguments arguments = new Arguments().add(what).add(key).add(who).add(time.toMillis());
            if (Commands.required(commands.run(Script.LEASE, key, arguments)).toInteger() == 0) {
                return false;
            }
            until = asked + time.toNanos();
            return true;
        }

        @Override
        public boolean isHeld() {
            return !ended && System.nanoTime() - until < 0;
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                try {
                    ask("give back");
                } catch (EngramException e) {
                    LOG.log(Level.DEBUG, "the lease ends by itself", e);
                }
            }
        }
    }
}
