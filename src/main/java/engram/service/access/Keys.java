package engram.service.access;

import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.NotAllowed;
import engram.error.NotFound;
import engram.memory.Documents;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.UnaryOperator;

/**
 * Making, changing and revoking keys, and sharing spaces. Keys without an administrator among them cannot come about:
 * nobody could make another one.
 *
 * <pre>{@code
 * Keys keys = Keys.of(new FileDocuments(Path.of("data/documents")), Clock.systemUTC());
 * Keys.Created created = keys.create(new Keys.NewKey("me", List.of(admin), Optional.empty(), Optional.empty()));
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class Keys {
    private static final int MOST = 10_000;
    /** How many revoked keys are remembered; the log of administrators' actions remembers all. */
    private static final int MOST_REVOKED = 1_000;

    private final KeyRegistry registry;
    private final LastUses uses;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param registry holds the keys
     * @param uses knows when they were used
     */
    public Keys(KeyRegistry registry, LastUses uses, InstantSource clock) {
        this.registry = registry;
        this.uses = uses;
        this.clock = clock;
    }

    /** The keys in some documents. */
    public static Keys of(Documents documents, InstantSource clock) {
        return new Keys(new KeyRegistry(documents, Optional.empty()), new LastUses(documents, clock), clock);
    }

    /**
     * A key to be made.
     *
     * @param name what people call it
     * @param grants what it may do
     * @param expires from when on it is worth nothing; never where it is absent
     * @param limit how often it may ask; by the settings where it is absent
     */
    public record NewKey(String name, List<Grant> grants, Optional<Instant> expires, Optional<RateLimit> limit) {}

    /**
     * A key that was made.
     *
     * @param key what is kept of it
     * @param secret what its holder needs; nobody can find it out again
     */
    public record Created(AccessKey key, String secret) {
        /** Without the secret, so that it cannot get into a log. */
        @Override
        public String toString() {
            return "Created[" + key.id() + "]";
        }
    }

    /** A space that a key was let into by the holder of another key. */
    public record Share(AccessKey key, Grant grant) {}

    /**
     * Makes a key.
     *
     * @throws InvalidInput if something of it is unsuitable
     * @throws Conflict if no administrator has a key, and this is none's
     */
    public Created create(NewKey wanted) {
        Instant now = clock.instant();
        if (wanted.expires().filter(end -> !end.isAfter(now)).isPresent()) {
            throw new InvalidInput("expires", "lies in the past");
        }
        Token token = Token.random(random);
        AccessKey key = new AccessKey(
                token.id(),
                wanted.name(),
                token.hash(),
                now,
                wanted.expires(),
                Optional.empty(),
                wanted.grants(),
                wanted.limit());
        return registry.change(keys -> {
            if (keys.size() >= MOST) {
                throw new Conflict("", "there are " + MOST + " keys already; revoke some");
            }
            keys.put(key.id(), key);
            requireAdministrator(keys, now);
            return new Created(key, token.text());
        });
    }

    /** Every key that is remembered, by id, revoked and expired ones included. */
    public List<AccessKey> list() {
        return List.copyOf(registry.all());
    }

    /**
     * A key by its id.
     *
     * @throws NotFound if there is none of this id
     */
    public AccessKey get(String id) {
        return registry.get(id).orElseThrow(() -> new NotFound("key", id));
    }

    /** When keys were last used, to within some minutes, by id; those that never were are left out. */
    public Map<String, Instant> lastUsed() {
        return uses.all();
    }

    /**
     * Changes a key. Its id, its secret and whether it is revoked stay as they are, and so do the spaces that were shared
     * with it.
     *
     * @param change makes the key as it is to be of the key as it is
     * @throws NotFound if there is none of this id
     * @throws Conflict if it is revoked, or the last administrator would be none any more
     */
    public AccessKey edit(String id, UnaryOperator<AccessKey> change) {
        return registry.change(keys -> {
            AccessKey present = unrevoked(keys, id);
            AccessKey wanted = change.apply(present);
            List<Grant> grants = new ArrayList<>(wanted.grants().stream()
                    .filter(grant -> grant.sharedBy().isEmpty())
                    .toList());
            grants.addAll(shared(present));
            AccessKey edited = new AccessKey(
                    present.id(),
                    wanted.name(),
                    present.hash(),
                    present.created(),
                    wanted.expires(),
                    present.revoked(),
                    grants,
                    wanted.limit());
            keys.put(id, edited);
            requireAdministrator(keys, clock.instant());
            return edited;
        });
    }

    /**
     * Revokes a key for good; does nothing if it is already.
     *
     * @throws NotFound if there is none of this id
     * @throws Conflict if it is the last administrator's and other keys are left
     */
    public AccessKey revoke(String id) {
        Instant now = clock.instant();
        return registry.change(keys -> {
            AccessKey revoked = Optional.ofNullable(keys.get(id))
                    .orElseThrow(() -> new NotFound("key", id))
                    .revokedAt(now);
            keys.put(id, revoked);
            requireAdministrator(keys, now);
            forgetOldest(keys);
            return revoked;
        });
    }

    /** What holders of keys let others do in a space, as far as somebody who may share it may know, by key. */
    public List<Share> shares(Caller sharer, String space) {
        AgentScope scope = sharer.scope(space, Right.SHARE);
        List<Share> shares = new ArrayList<>();
        for (AccessKey key : registry.all()) {
            key.grants().stream()
                    .filter(grant -> key.revoked().isEmpty() && grant.isShareOf(space) && scope.covers(grant.scope()))
                    .forEach(grant -> shares.add(new Share(key, grant)));
        }
        return shares;
    }

    /**
     * Lets another key into a space; replaces what it was let do there before by sharing.
     *
     * @param sharer who shares; must hold {@link Right#SHARE} there, which the caller has made sure of
     * @param rights read, or read and write, which the sharer must hold as well
     * @param agents with whose memories only; with those of everyone that the sharer may deal with where it is empty
     * @throws NotFound if there is no such key
     * @throws NotAllowed if the sharer may not do that itself
     */
    public Share share(Caller sharer, String space, String id, Set<Right> rights, SortedSet<String> agents) {
        if (!EnumSet.of(Right.READ, Right.WRITE).containsAll(rights)) {
            throw new InvalidInput("rights", "that can be shared are read and write");
        }
        AgentScope wanted = agents.isEmpty() ? sharer.scope(space, Right.SHARE) : AgentScope.of(agents);
        requireOwn(sharer, space, rights, wanted);
        Grant grant = new Grant(
                space, rights, wanted.agents(), Optional.of(sharer.key().orElse(sharer.name())));
        return registry.change(keys -> {
            AccessKey key = unrevoked(keys, id);
            List<Grant> grants = withoutShare(sharer, key, space);
            grants.add(grant);
            AccessKey shared = key.withGrants(grants);
            keys.put(id, shared);
            return new Share(shared, grant);
        });
    }

    /**
     * Takes back what a key was let do in a space by sharing.
     *
     * @throws NotFound if nothing was
     */
    public void unshare(Caller sharer, String space, String id) {
        registry.change(keys -> {
            AccessKey key = Optional.ofNullable(keys.get(id))
                    .filter(known -> known.grants().stream().anyMatch(grant -> grant.isShareOf(space)))
                    .orElseThrow(() -> new NotFound("share", id));
            AccessKey left = key.withGrants(withoutShare(sharer, key, space));
            keys.put(id, left);
            return left;
        });
    }

    private static void requireOwn(Caller sharer, String space, Set<Right> rights, AgentScope wanted) {
        Set<Right> needed = EnumSet.of(Right.SHARE);
        needed.addAll(rights);
        for (Right right : needed) {
            if (!sharer.may(space, right)) {
                throw new NotAllowed("rights", "nobody can share what was not granted: '" + right.jsonName() + "'");
            }
            if (!sharer.scope(space, right).covers(wanted)) {
                throw new NotAllowed("agents", "nobody can share memories of agents beyond the own grant");
            }
        }
    }

    private static List<Grant> withoutShare(Caller sharer, AccessKey key, String space) {
        AgentScope own = sharer.scope(space, Right.SHARE);
        List<Grant> left = new ArrayList<>();
        for (Grant grant : key.grants()) {
            if (!grant.isShareOf(space)) {
                left.add(grant);
            } else if (!own.covers(grant.scope())) {
                throw new NotAllowed("agents", "somebody else has shared more than this key may deal with");
            }
        }
        return left;
    }

    private static List<Grant> shared(AccessKey key) {
        return key.grants().stream()
                .filter(grant -> grant.sharedBy().isPresent())
                .toList();
    }

    private static AccessKey unrevoked(SortedMap<String, AccessKey> keys, String id) {
        AccessKey key = keys.get(id);
        if (key == null) {
            throw new NotFound("key", id);
        }
        if (key.revoked().isPresent()) {
            throw new Conflict("", "the key '" + id + "' is revoked");
        }
        return key;
    }

    private static void requireAdministrator(SortedMap<String, AccessKey> keys, Instant now) {
        boolean anybody = keys.values().stream().anyMatch(key -> key.revoked().isEmpty());
        boolean administrator = keys.values().stream().anyMatch(key -> key.isActive(now) && key.isOfAdministrator());
        if (anybody && !administrator) {
            throw new Conflict(
                    "grants",
                    "no administrator would have a key, and nobody could make another: make one with 'admin' on '*'"
                            + " first, and revoke the last one last");
        }
    }

    private static void forgetOldest(SortedMap<String, AccessKey> keys) {
        List<AccessKey> revoked = keys.values().stream()
                .filter(key -> key.revoked().isPresent())
                .sorted(Comparator.comparing(key -> key.revoked().orElseThrow()))
                .toList();
        revoked.stream().limit(Math.max(0, revoked.size() - MOST_REVOKED)).forEach(key -> keys.remove(key.id()));
    }
}
