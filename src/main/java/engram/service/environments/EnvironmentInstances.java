package engram.service.environments;

import engram.environment.AutoReset;
import engram.environment.EnvironmentSpec;
import engram.environment.Environments;
import engram.environment.Ticks;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.error.Unavailable;
import engram.service.access.Caller;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Instances of the built-in environments that clients have. One that nobody has used for a while is closed as soon as
 * anything is asked here. Thread-safe.
 */
public final class EnvironmentInstances implements AutoCloseable {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final EnvironmentLimits limits;
    private final Ticks ticks;
    private final ConcurrentMap<String, EnvironmentInstance> instances = new ConcurrentHashMap<>();

    public EnvironmentInstances(EnvironmentLimits limits, Ticks ticks) {
        this.limits = limits;
        this.ticks = ticks;
    }

    /**
     * Makes one.
     *
     * @param environment the name of a built-in environment
     * @param count how many are stepped together; null for a single one
     * @param autoReset when the next episode of a batch begins
     * @throws NotFound if there is no such environment
     * @throws InvalidInput naming {@code instances}
     * @throws Unavailable if there are too many
     */
    public EnvironmentInstance create(String environment, @Nullable Integer count, AutoReset autoReset, Caller caller) {
        EnvironmentSpec spec = Environments.spec(environment);
        if (count != null && (count < 1 || count > limits.batch())) {
            throw new InvalidInput(
                    "instances",
                    "is " + count + ", but must be 1 to " + limits.batch() + " (engram.environments.batch)");
        }
        closeIdle();
        String id = UUID.randomUUID().toString();
        EnvironmentInstance instance = new EnvironmentInstance(
                id,
                spec,
                caller.key(),
                count == null ? Environments.make(environment) : null,
                count == null ? null : Environments.makeVector(environment, count, autoReset),
                ticks.nanoTime());
        synchronized (instances) {
            if (instances.size() >= limits.instances()) {
                throw new Unavailable(
                        "there are " + limits.instances()
                                + " instances already (engram.environments.instances); delete one that is not needed",
                        RETRY_AFTER);
            }
            instances.put(id, instance);
        }
        return instance;
    }

    /**
     * One of a caller's own; administrators have all.
     *
     * @throws NotFound if there is none of that environment with that id, or it is somebody else's
     */
    public EnvironmentInstance get(String environment, String id, Caller caller) {
        closeIdle();
        EnvironmentInstance instance = instances.get(id);
        if (instance == null
                || !instance.spec().name().equals(environment)
                || !(caller.isAdministrator() || instance.owner().equals(caller.key()))) {
            throw new NotFound("instance", id);
        }
        instance.touch(ticks.nanoTime());
        return instance;
    }

    /** Closes one and forgets it. */
    public void delete(EnvironmentInstance instance) {
        instances.remove(instance.id());
        instance.close();
    }

    /** How many there are. */
    public int count() {
        return instances.size();
    }

    private void closeIdle() {
        long since = ticks.nanoTime() - limits.idle().toNanos();
        for (EnvironmentInstance instance : instances.values()) {
            if (instance.lastUsed() - since < 0) {
                delete(instance);
            }
        }
    }

    @Override
    public void close() {
        instances.values().forEach(this::delete);
    }
}
