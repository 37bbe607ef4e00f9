package engram.service.access;

import engram.error.Unauthenticated;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The one place that says who asks. Every door of the service passes what it was shown to {@link #authenticate} and asks
 * the {@link Caller} that it gets what that one may do. Thread-safe; never waits for anything outside the process.
 */
public final class AccessControl {
    private final KeyRegistry registry;
    private final LastUses uses;
    private final boolean required;
    private final RateLimit limit;
    private final InstantSource clock;
    private final RateLimits limits;

    /**
     * @param registry knows the keys
     * @param uses is told when they are used
     * @param required whether a key is needed even where there is none yet
     * @param limit how often a key may ask that has no limit of its own
     * @param nanoTime a clock that only goes forward, in nanoseconds
     */
    public AccessControl(
            KeyRegistry registry,
            LastUses uses,
            boolean required,
            RateLimit limit,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.registry = registry;
        this.uses = uses;
        this.required = required;
        this.limit = limit;
        this.clock = clock;
        this.limits = new RateLimits(nanoTime);
    }

    /**
     * Whether keys are needed: where the settings say so, and as soon as there is one that is not revoked. One that has
     * expired counts, so that a service never opens to everybody by the passing of time.
     */
    public boolean requiresKeys() {
        return required || registry.hasKeys();
    }

    /**
     * Who shows a key.
     *
     * @param shown what was shown; empty if nothing was
     * @throws Unauthenticated if a key is needed and this is none that is valid now
     * @throws engram.error.TooManyRequests if it asks more often than it may
     * @throws engram.error.Unavailable if keys could not be read since the start
     */
    public Caller authenticate(Optional<String> shown) {
        if (!requiresKeys()) {
            return Caller.ANYBODY;
        }
        String text = shown.orElseThrow(() -> new Unauthenticated("this service needs a key"));
        AccessKey key = Token.parse(text)
                .flatMap(token -> registry.get(token.id()).filter(known -> token.has(known.hash())))
                .filter(known -> known.isActive(clock.instant()))
                .orElseThrow(() -> new Unauthenticated("the key is not valid"));
        limits.take(key.id(), key.limit().orElse(limit));
        uses.note(key.id());
        return Caller.of(key);
    }

    /** What somebody who began something long may do by now; empty if the key has been revoked or has expired. */
    public Optional<Caller> renewed(Caller caller) {
        if (caller.key().isEmpty()) {
            return requiresKeys() ? Optional.empty() : Optional.of(caller);
        }
        return caller.key()
                .flatMap(registry::get)
                .filter(key -> key.isActive(clock.instant()))
                .map(Caller::of);
    }
}
