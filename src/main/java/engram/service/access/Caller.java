package engram.service.access;

import engram.error.NotAllowed;
import engram.error.NotFound;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who asks, and what that one may do. Immutable. */
public final class Caller {
    /** Whoever asks a service that needs no keys. May do everything. */
    public static final Caller ANYBODY = new Caller(
            Optional.empty(), "anonymous", List.of(Grant.of(Grant.EVERYWHERE, Set.of(Right.ADMIN), Set.of())));

    /** Somebody of whom nothing is known yet. May do nothing. */
    public static final Caller UNKNOWN = new Caller(Optional.empty(), "unknown", List.of());

    /** A person at the command line who has the data directory. May do everything. */
    public static final Caller COMMAND = new Caller(Optional.empty(), "command", ANYBODY.grants);

    private final Optional<String> key;
    private final String name;
    private final List<Grant> grants;

    private Caller(Optional<String> key, String name, List<Grant> grants) {
        this.key = key;
        this.name = name;
        this.grants = grants;
    }

    /** The holder of a key. */
    static Caller of(AccessKey key) {
        return new Caller(Optional.of(key.id()), key.name(), key.grants());
    }

    /** The id of the key; empty if none was needed. */
    public Optional<String> key() {
        return key;
    }

    /** The name of the key, or {@code anonymous} or {@code command}. */
    public String name() {
        return name;
    }

    /** Whether keys and the spaces as a whole are this one's to deal with. */
    public boolean isAdministrator() {
        return grants.stream().anyMatch(Grant::isOfAdministrator);
    }

    /** Whether something has been granted in a space, be it for some agents only. */
    public boolean may(String space, Right right) {
        return grants.stream().anyMatch(grant -> grant.has(right) && grant.covers(space));
    }

    /** With whose memories something may be done in a space; {@link AgentScope#NOBODY} where it is not granted. */
    public AgentScope scope(String space, Right right) {
        AgentScope scope = AgentScope.NOBODY;
        for (Grant grant : grants) {
            if (grant.has(right) && grant.covers(space)) {
                scope = scope.union(grant.scope());
            }
        }
        return scope;
    }

    /**
     * Refuses what has not been granted. A space that may not even be read looks as if it were not there.
     *
     * @throws NotAllowed if the space may be read, but not this
     * @throws NotFound if it may not be read
     */
    public void require(String space, Right right) {
        if (may(space, right)) {
            return;
        }
        if (!may(space, Right.READ)) {
            throw new NotFound("space", space);
        }
        throw new NotAllowed("", "this key has not been granted '" + right.jsonName() + "' in this space");
    }

    /**
     * Refuses whoever is no administrator.
     *
     * @throws NotAllowed unless this is one
     */
    public void requireAdministrator() {
        if (!isAdministrator()) {
            throw new NotAllowed("", "this needs the key of an administrator: one with 'admin' granted on '*'");
        }
    }
}
