package engram.service.environments;

import engram.environment.EnvironmentHealth;
import engram.environment.EnvironmentHealth.State;
import engram.environment.EnvironmentSpec;
import engram.environment.GuardedEnvironment;
import engram.error.Conflict;
import engram.error.Unavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An environment that a client offers under a name, with the connections it has and the uses that are made of it. It
 * outlives its connections, so that trainings can wait for the client. Thread-safe.
 */
final class Offer {
    private final EnvironmentSpec spec;
    private final String task;
    private final Optional<String> owner;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<OfferedConnection> idle = new ArrayDeque<>();
    private final Set<OfferedConnection> connections = new HashSet<>();
    private final Set<GuardedEnvironment> guards = new HashSet<>();
    private int users;
    private EnvironmentHealth past = OfferHealth.unused(State.HEALTHY, "");

    /** @param task what the client itself calls the environment, such as {@code LunarLander-v3} */
    Offer(EnvironmentSpec spec, String task, Optional<String> owner) {
        this.spec = spec;
        this.task = task;
        this.owner = owner;
    }

    EnvironmentSpec spec() {
        return spec;
    }

    String task() {
        return task;
    }

    Optional<String> owner() {
        return owner;
    }

    /** @throws Conflict if it has as many connections as it may */
    void add(OfferedConnection connection, int most) {
        lock.lock();
        try {
            if (connections.size() >= most) {
                throw new Conflict(
                        "name",
                        "'" + spec.name() + "' has " + most + " connections already (engram.environments.connections)");
            }
            connections.add(connection);
            idle.addLast(connection);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void remove(OfferedConnection connection) {
        connection.end();
        lock.lock();
        try {
            connections.remove(connection);
            idle.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a connection is free, after waiting for one at most so long. */
    boolean awaitIdle(Duration timeout) throws InterruptedException {
        lock.lock();
        try {
            long left = timeout.toNanos();
            while (idle.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !idle.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a connection for good: whoever has it closes it.
     *
     * @throws Unavailable if none is free
     */
    OfferedConnection take() {
        lock.lock();
        try {
            OfferedConnection connection = idle.pollFirst();
            if (connection == null) {
                throw new Unavailable(why(), Duration.ofSeconds(1));
            }
            connection.use();
            return connection;
        } finally {
            lock.unlock();
        }
    }

    /** Why no connection is free. */
    String why() {
        lock.lock();
        try {
            return connections.isEmpty()
                    ? "nobody offers the environment '" + spec.name() + "' at the moment"
                    : "all " + connections.size() + " connections of the environment '" + spec.name()
                            + "' are in use; its client has to offer it with more";
        } finally {
            lock.unlock();
        }
    }

    void began() {
        lock.lock();
        try {
            users++;
        } finally {
            lock.unlock();
        }
    }

    void guarded(GuardedEnvironment guard) {
        lock.lock();
        try {
            guards.add(guard);
        } finally {
            lock.unlock();
        }
    }

    void ended(@Nullable GuardedEnvironment guard) {
        lock.lock();
        try {
            users--;
            if (guard != null && guards.remove(guard)) {
                // A use that is over is neither well nor ill.
                past = withState(OfferHealth.sum(past, guard.health()), State.HEALTHY);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether it has neither connections nor uses. */
    boolean isForgotten() {
        lock.lock();
        try {
            return connections.isEmpty() && users == 0;
        } finally {
            lock.unlock();
        }
    }

    OfferHealth health() {
        lock.lock();
        try {
            EnvironmentHealth all = past;
            for (GuardedEnvironment guard : guards) {
                all = OfferHealth.sum(all, guard.health());
            }
            if (connections.isEmpty()) {
                all = withState(all, State.AWAY);
            }
            return new OfferHealth(connections.size(), connections.size() - idle.size(), all);
        } finally {
            lock.unlock();
        }
    }

    private static EnvironmentHealth withState(EnvironmentHealth health, State state) {
        return new EnvironmentHealth(
                state,
                health.lastError(),
                health.steps(),
                health.resets(),
                health.timeouts(),
                health.crashes(),
                health.invalid(),
                health.outside(),
                health.restarts(),
                health.hung(),
                health.stepTime(),
                health.longestStep());
    }
}
