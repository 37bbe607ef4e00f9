package engram.service.environments;

import engram.environment.Channel;
import engram.environment.Environment;
import engram.environment.EnvironmentSpec;
import engram.environment.Environments;
import engram.environment.GuardSettings;
import engram.environment.RemoteEnvironment;
import engram.environment.Ticks;
import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.error.Unavailable;
import engram.run.Progress;
import engram.service.access.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All environments by name: the built-in ones, and those that clients offer. A name that was offered stays known while it
 * has connections or uses, and after that until room for others is needed. Thread-safe.
 */
public final class OfferedEnvironments {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final EnvironmentLimits limits;
    private final GuardSettings guard;
    private final SplittableGenerator random;
    private final Ticks ticks;
    private final EnvironmentMeters meters;
    private final TreeMap<String, Offer> offers = new TreeMap<>();

    /** @param random for pauses and for seeding what takes the place of another */
    public OfferedEnvironments(
            EnvironmentLimits limits, SplittableGenerator random, Ticks ticks, EnvironmentMeters meters) {
        this.limits = limits;
        this.guard = limits.guard();
        this.random = random;
        this.ticks = ticks;
        this.meters = meters;
    }

    /**
     * Refuses a name that cannot be offered.
     *
     * @throws InvalidInput naming {@code name} if it is none
     * @throws Conflict naming {@code name} if it is that of a built-in environment, or somebody else offers it
     */
    public synchronized void requireFree(String name, Caller caller) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidInput(
                    "name",
                    "must be 1 to 64 letters, digits, '.', '-' and '_', of which the first is a letter or digit");
        }
        if (Environments.specs().stream().anyMatch(spec -> spec.name().equals(name))) {
            throw new Conflict("name", "'" + name + "' is a built-in environment; offer yours under another name");
        }
        Offer known = offers.get(name);
        if (known != null && !known.isForgotten() && !known.owner().equals(caller.key())) {
            throw new Conflict("name", "'" + name + "' is offered by another key");
        }
    }

    /**
     * Takes a connection in: asks what is behind it, which takes up to the timeout of a reset.
     *
     * @param channel to the client, which has one instance behind it
     * @return what {@link #disconnected} is told when the connection has ended
     * @throws Conflict if it is another environment than the one offered under the name now, or there are too many
     * @throws Unavailable if it does not answer, or nonsense
     */
    public OfferedConnection connected(String name, Caller caller, Channel channel) {
        Duration longest =
                guard.resetTimeout().compareTo(guard.stepTimeout()) > 0 ? guard.resetTimeout() : guard.stepTimeout();
        RemoteEnvironment remote = new RemoteEnvironment(channel, longest, false);
        EnvironmentSpec spec = new EnvironmentSpec(
                name, remote.observations(), remote.actions(), remote.timeLimit(), OptionalDouble.empty());
        OfferedConnection connection = new OfferedConnection(remote);
        synchronized (this) {
            requireFree(name, caller);
            offer(spec, remote.name(), caller).add(connection, limits.connections());
        }
        return connection;
    }

    private Offer offer(EnvironmentSpec spec, String task, Caller caller) {
        Offer known = offers.get(spec.name());
        if (known != null
                && known.spec().equals(spec)
                && known.task().equals(task)
                && known.owner().equals(caller.key())) {
            return known;
        }
        if (known != null && !known.isForgotten()) {
            throw new Conflict(
                    "name", "'" + spec.name() + "' is offered with another task, other spaces or another time limit");
        }
        if (known == null && offers.size() >= limits.offers()) {
            forgetOne();
        }
        Offer made = new Offer(spec, task, caller.key());
        offers.put(spec.name(), made);
        meters.watch(spec.name(), made);
        return made;
    }

    private void forgetOne() {
        for (var entry : offers.entrySet()) {
            if (entry.getValue().isForgotten()) {
                meters.forget(entry.getKey());
                offers.remove(entry.getKey());
                return;
            }
        }
        throw new Conflict(
                "name", "there are " + limits.offers() + " offered environments already (engram.environments.offers)");
    }

    /** Forgets a connection that has ended. */
    public synchronized void disconnected(String name, OfferedConnection connection) {
        Offer offer = offers.get(name);
        if (offer != null) {
            offer.remove(connection);
        }
    }

    /**
     * An environment for a run: a built-in one, or an offered one that need not be connected yet.
     *
     * @param progress of the run
     * @throws NotFound if there is none of this name
     */
    public Environment make(String name, Progress progress) {
        Offer offer = find(name);
        return offer == null
                ? Environments.make(name)
                : new OfferedEnvironment(offer, guard, limits.patience(), progress, split(), ticks);
    }

    private synchronized SplittableGenerator split() {
        return random.split();
    }

    /**
     * What is known of an environment.
     *
     * @throws NotFound if there is none of this name
     */
    public EnvironmentSpec spec(String name) {
        Offer offer = find(name);
        return offer == null ? Environments.spec(name) : offer.spec();
    }

    /** Which task an environment is, by the name that its makers gave it: the settings tuned for that suit it. */
    public String task(String name) {
        Offer offer = find(name);
        return offer == null ? name : offer.task();
    }

    /** How an offered environment is; empty for a built-in one. */
    public Optional<OfferHealth> health(String name) {
        return Optional.ofNullable(find(name)).map(Offer::health);
    }

    /** The names of the offered ones, sorted. */
    public synchronized List<String> offered() {
        return List.copyOf(offers.keySet());
    }

    private synchronized @Nullable Offer find(String name) {
        return offers.get(name);
    }
}
